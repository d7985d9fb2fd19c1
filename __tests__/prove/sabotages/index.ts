import { DNS_ALARM_SABOTAGES } from "./dns-alarms";
import { DNS_SABOTAGES } from "./dns";
import { ISOLATION_SABOTAGES } from "./isolation";
import { REACHABILITY_SABOTAGES } from "./reachability";
import type { Sabotage } from "./sabotage";
import { ZONE_SABOTAGES } from "./zones";

export const SABOTAGES: readonly Sabotage[] = [
  ...ZONE_SABOTAGES,
  ...REACHABILITY_SABOTAGES,
  ...DNS_SABOTAGES,
  ...DNS_ALARM_SABOTAGES,
  ...ISOLATION_SABOTAGES,
];
