import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ElastiCacheClient,
} from "@aws-sdk/client-elasticache";
import {
  DescribeDBClusterParametersCommand,
  DescribeDBClusterBacktracksCommand,
  DescribeDBClustersCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { BackupClient, GetBackupPlanCommand, ListBackupPlansCommand } from "@aws-sdk/client-backup";
import { expect, it, jest } from "@jest/globals";
import { performIn } from "../../support/aws-calls";
import { itSimulated } from "../../support/cloud";
import { describeLifecycle, effectsOf } from "../../support/deployment";
import { statedEffects } from "../../support/effects";
import { OF_PRESETS } from "../transitions/table";
import { execute } from "../../support/state-machine";

jest.setTimeout(3 * 60 * 60 * 1000);

const VALUES = { preset: "transaction-processing" };

describeLifecycle("transaction processing", "it-tp", VALUES, (deployed) => {
  it("changes as docs/reference/configuration.md says, in a plan", async () => {
    const changes = OF_PRESETS["transaction-processing"];
    expect(await effectsOf(deployed(), VALUES, changes)).toEqual(statedEffects(changes));
  });

  it("has Redis in cluster mode: three shards of three nodes, over three zones, encrypted at rest and on the way", async () => {
    const { names, region } = deployed();
    const elasticache = new ElastiCacheClient({ region });
    const id = names.of("elasticache_replication_group");
    const { ReplicationGroups: [group] = [] } = await elasticache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }));
    expect(group).toMatchObject({
      ClusterEnabled: true,
      ClusterMode: "enabled",
      AutomaticFailover: "enabled",
      MultiAZ: "enabled",
      AtRestEncryptionEnabled: true,
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: "required",
      SnapshotRetentionLimit: 7,
    });
    expect(group?.KmsKeyId).toMatch(/^arn:aws:kms:/);
    expect(group?.ConfigurationEndpoint?.Address).toBeTruthy();
    expect(group?.NodeGroups).toHaveLength(3);
    for (const shard of group?.NodeGroups ?? []) expect(shard.NodeGroupMembers).toHaveLength(3);
    const { CacheClusters = [] } = await elasticache.send(new DescribeCacheClustersCommand({}));
    const own = CacheClusters.filter(({ ReplicationGroupId }) => ReplicationGroupId === id);
    expect(new Set(own.map(({ PreferredAvailabilityZone }) => PreferredAvailabilityZone)).size).toBe(3);
    expect(group?.LogDeliveryConfigurations?.map(({ LogType }) => LogType).sort()).toEqual(["engine-log", "slow-log"]);
  });

  it("allows no password for Redis: the service signs in with its role, other principals are denied", async () => {
    const { names, region } = deployed();
    const elasticache = new ElastiCacheClient({ region });
    const { UserGroups: [group] = [] } = await elasticache.send(
      new DescribeUserGroupsCommand({ UserGroupId: names.of("elasticache_user_group") }),
    );
    expect(group?.ReplicationGroups).toEqual([names.of("elasticache_replication_group")]);
    const { Users = [] } = await elasticache.send(new DescribeUsersCommand({}));
    const own = Users.filter(({ UserId }) => group?.UserIds?.includes(UserId ?? ""));
    expect(Object.fromEntries(own.map(({ UserName, Authentication }) => [UserName, Authentication?.Type]))).toEqual({
      default: "no-password",
      [names.of("elasticache_user", "service")]: "iam",
    });
    expect(own.find(({ UserName }) => UserName === "default")?.AccessString).toMatch(/^off /);
  });

  it("has Aurora MySQL that can be taken back 24 hours, over TLS only", async () => {
    const { names, region } = deployed();
    const rds = new RDSClient({ region });
    const { DBClusters: [cluster] = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: names.of("rds_cluster") }));
    expect(cluster).toMatchObject({
      Engine: "aurora-mysql",
      EngineVersion: "8.0.mysql_aurora.3.10.4",
      BacktrackWindow: 86400,
      StorageEncrypted: true,
      Port: 3306,
    });
    const { Parameters = [] } = await rds.send(
      new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: cluster?.DBClusterParameterGroup, Source: "user" }),
    );
    expect(Object.fromEntries(Parameters.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]))).toMatchObject({
      require_secure_transport: "ON",
      slow_query_log: "1",
    });
  });

  itSimulated("takes the database back in place", async () => {
    const { names, region } = deployed();
    const { parsed } = await deployed().runbook("rewind");
    const to = (ago: number) => ({ to: new Date(Date.now() - ago).toISOString() });
    expect((await execute(parsed, to(1000), performIn(region))).failure).toBeUndefined();
    const { DBClusterBacktracks } = await new RDSClient({ region }).send(
      new DescribeDBClusterBacktracksCommand({ DBClusterIdentifier: names.of("rds_cluster") }),
    );
    expect(DBClusterBacktracks).toMatchObject([{ Status: "completed" }]);
    const tooFar = await execute(parsed, to(48 * 3600 * 1000), performIn(region));
    expect(tooFar.failure?.error).toBe("Rewind.TooOld");
  });

  it("is backed up every six hours", async () => {
    const { names, region } = deployed();
    const backup = new BackupClient({ region });
    const { BackupPlansList = [] } = await backup.send(new ListBackupPlansCommand({}));
    const plan = BackupPlansList.find(({ BackupPlanName }) => BackupPlanName === names.of("backup_plan"));
    const { BackupPlan } = await backup.send(new GetBackupPlanCommand({ BackupPlanId: plan?.BackupPlanId }));
    expect(BackupPlan?.Rules).toMatchObject([
      { ScheduleExpression: "cron(0 0/6 * * ? *)", Lifecycle: { DeleteAfterDays: 35 }, TargetBackupVaultName: names.of("backup_vault") },
    ]);
  });
});
