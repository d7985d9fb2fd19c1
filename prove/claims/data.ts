import { BACKUP_CLAIMS } from "./backups";
import { BUCKET_CLAIMS } from "./buckets";
import { CACHE_CLAIMS } from "./cache";
import type { Claim } from "./claim";
import { DATA_RETENTION_CLAIMS } from "./data-retention";
import { GLOBAL_DATABASE_CLAIMS } from "./global-database";
import { MAINTENANCE_CLAIMS } from "./maintenance";
import { REGION_ISOLATION_CLAIMS } from "./region-isolation";
import { REPLICATION_LAG_CLAIMS } from "./replication-lag";
import { STORE_BACKUP_CLAIMS } from "./store-backups";
import { TABLE_CLAIMS } from "./tables";
import { TRANSPORT_CLAIMS } from "./transport";

const unsorted = [
  ...GLOBAL_DATABASE_CLAIMS,
  ...REGION_ISOLATION_CLAIMS,
  ...MAINTENANCE_CLAIMS,
  ...REPLICATION_LAG_CLAIMS,
  ...BACKUP_CLAIMS,
  ...DATA_RETENTION_CLAIMS,
  ...TRANSPORT_CLAIMS,
  ...CACHE_CLAIMS,
  ...TABLE_CLAIMS,
  ...BUCKET_CLAIMS,
  ...STORE_BACKUP_CLAIMS,
];

/** Claims about data: their copies in other regions, their backups, and who can read or delete them. In the order of their ids. */
export const DATA_CLAIMS: readonly Claim[] = unsorted.sort((one, other) => one.id.localeCompare(other.id, "en", { numeric: true }));
