import { ALARM_SABOTAGES } from "./alarms";
import { REACHABILITY_SABOTAGES } from "./reachability";
import type { Sabotage } from "./sabotage";
import { ZONE_SABOTAGES } from "./zones";

export const SABOTAGES: readonly Sabotage[] = [...ZONE_SABOTAGES, ...REACHABILITY_SABOTAGES, ...ALARM_SABOTAGES];
