import type { ControlStatus, Waived } from "../status";
import { WAIVERS } from "../waivers";
import { ACCOUNT } from "./account";
import { DATABASE } from "./database";
import { LOAD_BALANCER } from "./load-balancer";
import { IDENTITY } from "./identity";
import { NETWORK } from "./network";
import { OPERATIONS } from "./operations";
import { SERVICE } from "./service";
import { STORES } from "./stores";

const waived = WAIVERS.map((waiver): Waived => ({ kind: "waived", controls: waiver.controls, waiver }));

/** The status of every control of the catalog. */
export const CONTROL_STATUSES: readonly ControlStatus[] = [
  ...ACCOUNT,
  ...IDENTITY,
  ...NETWORK,
  ...LOAD_BALANCER,
  ...SERVICE,
  ...DATABASE,
  ...STORES,
  ...OPERATIONS,
  ...waived,
];
