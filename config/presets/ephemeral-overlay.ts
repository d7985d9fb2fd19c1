import type { Overlay } from "./preset";

/**
 * Values for an environment that exists for hours: the same topology with fewer resources that are charged by the hour.
 * @param regions number of regions, because a global database supports no burstable instance class
 * @param backtrack whether the cluster has backtrack
 */
export function ephemeralOverlay(regions: number, backtrack: boolean): Overlay {
  return {
    network: { nat: "single" },
    load_balancer: { access_log_retention_days: 1 },
    // Without autoshift there are no practice runs, for which such an environment is too small.
    zonal_shift: { autoshift: false },
    database: {
      ...(regions === 1 && { instance_class: "db.t4g.medium" }),
      backup_retention_days: 1,
      // One day of backups does not always include the last 24 hours. Backtrack needs no backups.
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
