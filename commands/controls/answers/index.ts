import type { Answer, Waived } from "../answer";
import { WAIVERS } from "../waivers";
import { ACCOUNT } from "./account";
import { DATABASE } from "./database";
import { FRONT_DOOR } from "./front-door";
import { IDENTITY } from "./identity";
import { NETWORK } from "./network";
import { OPERATIONS } from "./operations";
import { SERVICE } from "./service";
import { STORES } from "./stores";

const waived = WAIVERS.map((waiver): Waived => ({ answer: "waived", controls: waiver.controls, waiver }));

/** What the platform says to every control of the catalog. */
export const ANSWERS: readonly Answer[] = [
  ...ACCOUNT,
  ...IDENTITY,
  ...NETWORK,
  ...FRONT_DOOR,
  ...SERVICE,
  ...DATABASE,
  ...STORES,
  ...OPERATIONS,
  ...waived,
];
