import { DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { DescribeDBProxiesCommand, DescribeDBProxyTargetsCommand } from "@aws-sdk/client-rds";
import { type Check, checkResource, differences } from "../check";
import type { LiveRegion } from "../live-region";

/** Options between the tasks and the cluster. */
export const DATABASE_ACCESS: readonly Check<LiveRegion>[] = [
  {
    requirement: "The proxy before the database is available, takes TLS only, and leads to the cluster",
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
            : [`does not lead to ${cluster}`]),
        ];
      });
    },
  },
  {
    requirement: "The readers of the database follow the load between the numbers that are configured",
    requirementIds: [],
    option: "database.reader_scaling",
    appliesTo: (live) => live.resources("aws_appautoscaling_target").some(({ values }) => values["service_namespace"] === "rds"),
    violations: async (live) => {
      const id = `cluster:${live.ownNames.of("rds_cluster")}`;
      const { ScalableTargets: [target] = [] } = await live.own.scaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: "rds", ResourceIds: [id] }),
      );
      if (!target) return [`${id} does not follow the load`];
      return differences({
        "least number of readers": [target.MinCapacity, live.capacity.databaseInstances - 1],
        "largest number of readers": [target.MaxCapacity, live.config.database.readerScaling?.maxReaders],
      });
    },
  },
];
