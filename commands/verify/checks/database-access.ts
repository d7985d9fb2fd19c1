import { DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { type DBInstance, DescribeDBProxiesCommand, DescribeDBProxyTargetsCommand } from "@aws-sdk/client-rds";
import { regionsByPreference } from "../../../config/config";
import { instanceWindows, regionalWindow } from "../../../config/maintenance-windows";
import { type Check, checkResource, differences } from "../check";
import type { LiveRegion } from "../live-region";

/** RDS Proxy, reader scaling and maintenance windows, which are options. */
export const DATABASE_ACCESS: readonly Check<LiveRegion>[] = [
  {
    requirement: "The database instances are maintained one after the other, and no two regions on the same day",
    requirementIds: [],
    option: "database.maintenance_window",
    appliesTo: (live) => live.hasDatabaseInstances,
    violations: async (live) => {
      const { maintenanceWindow, backupWindow } = live.config.database;
      const { DBClusterIdentifier, PreferredMaintenanceWindow } = await live.cluster();
      const window = regionalWindow(maintenanceWindow, regionsByPreference(live.config), live.region.name);
      // Readers that auto scaling adds have windows that RDS selects.
      const managed = (await live.instances()).filter(({ DBInstanceIdentifier = "" }) => !DBInstanceIdentifier.startsWith("application-"));
      return [
        // A restored cluster has the window that RDS gives it.
        ...(DBClusterIdentifier === live.ownNames.of("rds_cluster")
          ? differences({ "maintenance window": [PreferredMaintenanceWindow, window] })
          : []),
        ...misplaced(managed, instanceWindows(window, backupWindow, live.capacity.databaseInstances)),
      ];
    },
  },
  {
    requirement: "The RDS proxy is available, requires TLS and targets the cluster",
    requirementIds: [],
    option: "database.proxy",
    appliesTo: (live) => live.hasDatabaseInstances && live.config.database.proxy,
    violations: (live) => {
      const DBProxyName = live.ownNames.of("db_proxy");
      return checkResource(DBProxyName, async () => {
        const { DBProxies: [proxy] = [] } = await live.own.rds.send(new DescribeDBProxiesCommand({ DBProxyName }));
        const { Targets = [] } = await live.own.rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName }));
        const cluster = live.ownNames.of("rds_cluster");
        return [
          ...differences({ status: [proxy?.Status, "available"], "required TLS": [proxy?.RequireTLS, true] }),
          ...(Targets.some((target) => [target.TrackedClusterId, target.RdsResourceId].includes(cluster))
            ? []
            : [`does not target ${cluster}`]),
        ];
      });
    },
  },
  {
    requirement: "The number of database readers scales within the configured range",
    requirementIds: [],
    option: "database.reader_scaling",
    appliesTo: (live) => live.resources("aws_appautoscaling_target").some(({ values }) => values["service_namespace"] === "rds"),
    violations: async (live) => {
      const id = `cluster:${live.ownNames.of("rds_cluster")}`;
      const { ScalableTargets: [target] = [] } = await live.own.scaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: "rds", ResourceIds: [id] }),
      );
      if (!target) return [`${id} is not a scalable target`];
      return differences({
        "minimum number of readers": [target.MinCapacity, live.capacity.databaseInstances - 1],
        "maximum number of readers": [target.MaxCapacity, live.config.database.readerScaling?.maxReaders],
      });
    },
  },
];

/** Instances whose window is not planned, or is that of another instance. Another check reports missing instances. */
function misplaced(instances: readonly DBInstance[], planned: readonly string[]): string[] {
  const windows = instances.map(({ PreferredMaintenanceWindow = "none" }) => PreferredMaintenanceWindow);
  return instances.flatMap(({ DBInstanceIdentifier }, index) => {
    const window = windows[index] ?? "none";
    if (!planned.includes(window)) return [`${DBInstanceIdentifier} has the maintenance window ${window}, which is not planned`];
    return windows.indexOf(window) < index ? [`${DBInstanceIdentifier} has the maintenance window of another instance, ${window}`] : [];
  });
}
