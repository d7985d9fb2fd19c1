import { BACKUP_SABOTAGES } from "./backups";
import { GLOBAL_DATABASE_SABOTAGES } from "./global-database";
import { REACHABILITY_SABOTAGES } from "./reachability";
import type { Sabotage } from "./sabotage";
import { STORE_SABOTAGES } from "./stores";
import { ZONE_SABOTAGES } from "./zones";

export const SABOTAGES: readonly Sabotage[] = [
  ...ZONE_SABOTAGES,
  ...REACHABILITY_SABOTAGES,
  ...GLOBAL_DATABASE_SABOTAGES,
  ...BACKUP_SABOTAGES,
  ...STORE_SABOTAGES,
];
