import { DescribeReplicationGroupsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { BackupClient, GetRestoreTestingPlanCommand } from "@aws-sdk/client-backup";
import { DescribeDBProxiesCommand, DescribeDBProxyTargetsCommand, DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { describe, expect, it } from "@jest/globals";
import type { Deployment } from "./deployment";

/** Asks AWS about an environment with those options. */
export function describeDataOptions(deployed: () => Deployment): void {
  describe("the options of the data tier", () => {
    it("has a database whose instances follow the load", async () => {
      const { names, region } = deployed();
      const { DBClusters: [cluster] = [] } = await new RDSClient({ region }).send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: names.of("rds_cluster") }),
      );
      expect(cluster?.ServerlessV2ScalingConfiguration).toMatchObject({ MinCapacity: 2, MaxCapacity: 16 });
    });

    it("has a proxy before the database that takes TLS only, and the password from its secret", async () => {
      const { names, region } = deployed();
      const rds = new RDSClient({ region });
      const { DBProxies: [proxy] = [] } = await rds.send(new DescribeDBProxiesCommand({ DBProxyName: names.of("db_proxy") }));
      expect(proxy).toMatchObject({ RequireTLS: true, EngineFamily: "POSTGRESQL", Auth: [{ AuthScheme: "SECRETS" }] });
      const { Targets = [] } = await rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName: names.of("db_proxy") }));
      expect(Targets.map(({ TrackedClusterId, RdsResourceId }) => TrackedClusterId ?? RdsResourceId)).toContain(names.of("rds_cluster"));
    });

    it("has Valkey instead of Redis", async () => {
      const { names, region } = deployed();
      const { ReplicationGroups: [group] = [] } = await new ElastiCacheClient({ region }).send(
        new DescribeReplicationGroupsCommand({ ReplicationGroupId: names.of("elasticache_replication_group") }),
      );
      expect(group).toMatchObject({ Engine: "valkey", ClusterEnabled: true, MultiAZ: "enabled" });
    });

    it("restores its newest backup once a week", async () => {
      const { names, region } = deployed();
      const { RestoreTestingPlan } = await new BackupClient({ region }).send(
        new GetRestoreTestingPlanCommand({ RestoreTestingPlanName: names.of("backup_restore_testing_plan").replaceAll("-", "_") }),
      );
      expect(RestoreTestingPlan).toMatchObject({
        ScheduleExpression: "cron(0 12 ? * SUN *)",
        RecoveryPointSelection: { Algorithm: "LATEST_WITHIN_WINDOW", RecoveryPointTypes: ["SNAPSHOT"] },
      });
    });
  });
}
