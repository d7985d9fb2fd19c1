import { REACHABILITY_SABOTAGES } from "./reachability";
import type { Sabotage } from "./sabotage";
import { STATE_MACHINE_SABOTAGES } from "./state-machines";
import { TAKEOVER_SABOTAGES } from "./takeover";
import { ZONE_SABOTAGES } from "./zones";

export const SABOTAGES: readonly Sabotage[] = [
  ...ZONE_SABOTAGES,
  ...REACHABILITY_SABOTAGES,
  ...STATE_MACHINE_SABOTAGES,
  ...TAKEOVER_SABOTAGES,
];
