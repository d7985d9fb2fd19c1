import { ENCRYPTION_SABOTAGES } from "./encryption";
import { FLOW_SABOTAGES } from "./flows";
import { LIFECYCLE_SABOTAGES } from "./lifecycle";
import { PRIVILEGE_SABOTAGES } from "./privileges";
import { ALARM_SABOTAGES } from "./alarms";
import { BACKUP_SABOTAGES } from "./backups";
import { BUDGET_SABOTAGES } from "./budgets";
import { DNS_SABOTAGES } from "./dns";
import { DNS_ALARM_SABOTAGES } from "./dns-alarms";
import { GLOBAL_DATABASE_SABOTAGES } from "./global-database";
import { ISOLATION_SABOTAGES } from "./isolation";
import { LOSS_SABOTAGES } from "./losses";
import { REACHABILITY_SABOTAGES } from "./reachability";
import type { Sabotage } from "./sabotage";
import { SERVICE_SABOTAGES } from "./service";
import { STATE_MACHINE_SABOTAGES } from "./state-machines";
import { STORE_SABOTAGES } from "./stores";
import { TAKEOVER_SABOTAGES } from "./takeover";
import { ZONE_SABOTAGES } from "./zones";

export const SABOTAGES: readonly Sabotage[] = [
  ...ZONE_SABOTAGES,
  ...REACHABILITY_SABOTAGES,
  ...SERVICE_SABOTAGES,
  ...LOSS_SABOTAGES,
  ...BUDGET_SABOTAGES,
  ...DNS_SABOTAGES,
  ...DNS_ALARM_SABOTAGES,
  ...ISOLATION_SABOTAGES,
  ...ALARM_SABOTAGES,
  ...ENCRYPTION_SABOTAGES,
  ...PRIVILEGE_SABOTAGES,
  ...FLOW_SABOTAGES,
  ...LIFECYCLE_SABOTAGES,
  ...GLOBAL_DATABASE_SABOTAGES,
  ...BACKUP_SABOTAGES,
  ...STORE_SABOTAGES,
  ...STATE_MACHINE_SABOTAGES,
  ...TAKEOVER_SABOTAGES,
];
