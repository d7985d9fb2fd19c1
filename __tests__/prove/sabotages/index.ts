import { ENCRYPTION_SABOTAGES } from "./encryption";
import { FLOW_SABOTAGES } from "./flows";
import { LIFECYCLE_SABOTAGES } from "./lifecycle";
import { PRIVILEGE_SABOTAGES } from "./privileges";
import { REACHABILITY_SABOTAGES } from "./reachability";
import type { Sabotage } from "./sabotage";
import { ZONE_SABOTAGES } from "./zones";

export const SABOTAGES: readonly Sabotage[] = [
  ...ZONE_SABOTAGES,
  ...REACHABILITY_SABOTAGES,
  ...ENCRYPTION_SABOTAGES,
  ...PRIVILEGE_SABOTAGES,
  ...FLOW_SABOTAGES,
  ...LIFECYCLE_SABOTAGES,
];
