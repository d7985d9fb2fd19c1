import type { Overlay } from "./preset";

/**
 * For an environment that lives for hours: the same topology with less of everything that costs by the hour.
 * @param regions number of regions: a global database takes no class of the cheap kind
 * @param backtrack whether the database can go back in place
 */
export function ephemeralOverlay(regions: number, backtrack: boolean): Overlay {
  return {
    network: { nat: "single" },
    load_balancer: { access_log_retention_days: 1 },
    database: {
      ...(regions === 1 && { instance_class: "db.t4g.medium" }),
      backup_retention_days: 1,
      // One day of backups is too little to promise any second of it; backtrack needs none.
      ...(!backtrack && { rewind: false }),
      performance_insights_retention_days: 7,
    },
    cache: { node_type: "cache.t4g.small", snapshot_retention_days: 1 },
    backup: { retention_days: 1, copy_retention_days: 1 },
    service: { cpu: 256, memory_mib: 512 },
    canaries: { enabled: false },
    events: { archive_days: 1 },
    monitoring: { log_retention_days: 1 },
  };
}
