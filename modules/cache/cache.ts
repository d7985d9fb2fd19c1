import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import type { Connection } from "../connections/connection";
import type { Statement } from "../iam/policy";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup, type LogSettings } from "../monitoring/log-group";
import type { Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import { nodeIds } from "./shards";
import { CacheUsers } from "./users";
import { cacheAlarms } from "./alarms";

export interface CacheProps extends RegionScope, LogSettings {
  readonly vpcId: string;
  /** Data subnets, one per zone. Changing them replaces the cluster. */
  readonly subnetIds: string[];
  /** Changing `redis` to `valkey` is an upgrade in place; there is no way back. */
  readonly engine: "redis" | "valkey";
  /** Two numbers, e.g. `7.1`. It can be raised, never lowered. */
  readonly engineVersion: string;
  /** Changing it replaces the nodes one by one, online. */
  readonly nodeType: string;
  /** Parts over which the keys are spread, 1–500. Resharded online. */
  readonly shards: number;
  /** Copies of each shard beside its primary, 1–5. */
  readonly replicas: number;
  /** What goes when memory is full: `volatile-lru` gives up keys with an expiry only. */
  readonly maxMemoryPolicy: string;
  /** Days that daily snapshots are kept, 1–35. */
  readonly snapshotRetentionDays: number;
  /** Daily window in UTC, `01:00-02:00`. */
  readonly snapshotWindow: string;
  /** Weekly window in UTC, `sun:06:30-sun:07:30`. */
  readonly maintenanceWindow: string;
  /** An alarm rings when a replica is further behind. */
  readonly maxReplicaLagSeconds: number;
  /** Encrypts memory on disk and snapshots. Changing it replaces the cluster. */
  readonly keyArn: string;
  /** Whether deleting the cluster leaves a snapshot behind. */
  readonly finalSnapshot: boolean;
  readonly alerts: Alerts;
}

export const CACHE_PORT = 6379;

/** Logs that ElastiCache delivers. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html */
const LOGS = ["slow-log", "engine-log"] as const;

/**
 * Redis, or Valkey, in cluster mode: each shard has its primary and its replicas in different zones, and a replica takes
 * over within a minute. ElastiCache chooses the zones itself, and a failover may lose the last writes: what must not be
 * lost belongs elsewhere.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
 */
export class Cache extends Construct {
  readonly securityGroup: SecurityGroup;
  /** Host that tells clients where each shard is (known after apply). */
  readonly configurationEndpoint: string;
  /** The user that a task signs in as, with a token that its IAM role makes. */
  readonly userName: string;
  readonly widgets: readonly Widget[];
  private readonly signInPermission: Statement;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { names, vpcId, region, accountId } = props;
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "cache", port: CACHE_PORT });
    const users = new CacheUsers(this, "users", { names, engine: props.engine });
    this.userName = users.serviceUser;
    const cluster = this.cluster(props, users);
    this.configurationEndpoint = cluster.configurationEndpointAddress;
    const identifier = names.of("elasticache_replication_group");
    this.signInPermission = {
      Sid: "SignInToCache",
      Action: "elasticache:Connect",
      Resource: [
        `arn:aws:elasticache:${region}:${accountId}:replicationgroup:${identifier}`,
        `arn:aws:elasticache:${region}:${accountId}:user:${users.serviceUser}`,
      ],
    };
    this.widgets = cacheAlarms(this, {
      alerts: props.alerts,
      nodes: nodeIds(identifier, props.shards, props.replicas),
      maxReplicaLagSeconds: props.maxReplicaLagSeconds,
    });
  }

  /** What a service needs to sign in. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html */
  connection(): Connection {
    return {
      parameters: {
        "cache/configuration-endpoint": this.configurationEndpoint,
        "cache/port": String(CACHE_PORT),
        "cache/user": this.userName,
      },
      variables: { CACHE_HOST: "cache/configuration-endpoint", CACHE_PORT: "cache/port", CACHE_USER: "cache/user" },
      permissions: [this.signInPermission],
      ingress: [{ securityGroup: this.securityGroup, reason: "read and write sessions" }],
    };
  }

  private cluster(props: CacheProps, users: CacheUsers): ElasticacheReplicationGroup {
    const { names } = props;
    const identifier = names.of("elasticache_replication_group");
    const subnets = new ElasticacheSubnetGroup(this, "subnets", {
      name: names.of("elasticache_subnet_group"),
      description: "Data tier, every zone",
      subnetIds: props.subnetIds,
    });
    const [major = ""] = props.engineVersion.split(".");
    const parameters = new ElasticacheParameterGroup(this, "parameters", {
      name: names.of("elasticache_parameter_group", `${props.engine}${major}`),
      family: `${props.engine}${major}`,
      description: "Cluster mode",
      parameter: [
        // Without it the provider would make a cluster of one shard, and another one at every apply.
        { name: "cluster-enabled", value: "yes" },
        { name: "maxmemory-policy", value: props.maxMemoryPolicy },
      ],
      lifecycle: { createBeforeDestroy: true },
    });
    const logs = LOGS.map((type) => ({
      type,
      group: new LogGroup(this, type, {
        name: `/aws/elasticache/${identifier}/${type}`,
        keyArn: props.logKeyArn,
        retentionDays: props.logRetentionDays,
      }),
    }));
    const cluster = new ElasticacheReplicationGroup(this, "cluster", {
      replicationGroupId: identifier,
      description: "Sessions and what can be computed again",
      engine: props.engine,
      engineVersion: props.engineVersion,
      nodeType: props.nodeType,
      port: CACHE_PORT,
      clusterMode: "enabled",
      numNodeGroups: props.shards,
      replicasPerNodeGroup: props.replicas,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      parameterGroupName: parameters.name,
      subnetGroupName: subnets.name,
      securityGroupIds: [this.securityGroup.id],
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: "true",
      kmsKeyId: props.keyArn,
      userGroupIds: [users.groupId],
      snapshotRetentionLimit: props.snapshotRetentionDays,
      snapshotWindow: props.snapshotWindow,
      ...(props.finalSnapshot && { finalSnapshotIdentifier: `final-${identifier}` }),
      maintenanceWindow: props.maintenanceWindow,
      autoMinorVersionUpgrade: "false",
      applyImmediately: true,
      logDeliveryConfiguration: logs.map(({ type, group }) => ({
        logType: type,
        logFormat: "json",
        destinationType: "cloudwatch-logs",
        destination: group.name,
      })),
      dependsOn: logs.map(({ group }) => group.resource),
    });
    cluster.overrideLogicalId("cache");
    return cluster;
  }
}
