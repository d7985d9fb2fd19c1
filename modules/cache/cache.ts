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
import { finalSnapshotName } from "../state/final-snapshot";
import { moveFromFormerId } from "../state/former-id";
import { DELETED_LAST } from "../state/lifecycle";
import { nodeIds } from "./shards";
import { CacheUsers } from "./users";
import { cacheAlarms } from "./alarms";

export interface CacheProps extends RegionScope, LogSettings {
  /** ID of the VPC. Changing it replaces the cluster and deletes its data. */
  readonly vpcId: string;
  /** Data subnets, one per zone. Changing them replaces the cluster. */
  readonly subnetIds: string[];
  /** Changing `redis` to `valkey` is an in-place upgrade that cannot be reverted. */
  readonly engine: "redis" | "valkey";
  /** Major and minor version, e.g. `7.1`. It can be raised and not lowered. */
  readonly engineVersion: string;
  /** Changing it replaces the nodes one by one, online. */
  readonly nodeType: string;
  /** Number of shards, 1–500. Resharded online. */
  readonly shards: number;
  /** Number of replicas of each shard, 1–5. */
  readonly replicas: number;
  /** Eviction policy when memory is full: `volatile-lru` evicts only keys with an expiry. */
  readonly maxMemoryPolicy: string;
  /** Retention of daily snapshots, 1–35. */
  readonly snapshotRetentionDays: number;
  /** Daily window in UTC, `01:00-02:00`. */
  readonly snapshotWindow: string;
  /** Weekly window in UTC, `sun:06:30-sun:07:30`. */
  readonly maintenanceWindow: string;
  /** Lag of a replica above which an alarm fires. */
  readonly maxReplicaLagSeconds: number;
  /** Encrypts data on disk and snapshots. Changing it replaces the cluster. */
  readonly keyArn: string;
  /** Whether ElastiCache creates a final snapshot when the cluster is deleted. */
  readonly finalSnapshot: boolean;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

export const CACHE_PORT = 6379;

/** Logs that ElastiCache delivers. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html */
const LOGS = ["slow-log", "engine-log"] as const;

/**
 * Redis or Valkey in cluster mode. The primary and the replicas of a shard are in different zones, and a failover promotes
 * a replica within a minute. ElastiCache selects the zones. A failover may lose the last writes: data that must not be lost
 * belongs in another store.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
 */
export class Cache extends Construct {
  readonly securityGroup: SecurityGroup;
  /** Host name from which clients discover the shards (known after apply). */
  readonly configurationEndpoint: string;
  /** User name of the tasks, which authenticate with IAM. */
  readonly userName: string;
  readonly widgets: readonly Widget[];
  private readonly connectPermission: Statement;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { names, vpcId, region, accountId } = props;
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "cache", port: CACHE_PORT });
    const users = new CacheUsers(this, "users", { names });
    this.userName = users.serviceUser;
    const cluster = this.cluster(props, users);
    this.configurationEndpoint = cluster.configurationEndpointAddress;
    const identifier = names.of("elasticache_replication_group");
    this.connectPermission = {
      Sid: "ConnectToCache",
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

  /** The connection of a service to the cache, with IAM authentication. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html */
  connection(): Connection {
    return {
      parameters: {
        "cache/configuration-endpoint": this.configurationEndpoint,
        "cache/port": String(CACHE_PORT),
        "cache/user": this.userName,
      },
      variables: { CACHE_HOST: "cache/configuration-endpoint", CACHE_PORT: "cache/port", CACHE_USER: "cache/user" },
      permissions: [this.connectPermission],
      ingress: [{ securityGroup: this.securityGroup, reason: "read and write sessions" }],
    };
  }

  private cluster(props: CacheProps, users: CacheUsers): ElasticacheReplicationGroup {
    const { names } = props;
    const identifier = names.of("elasticache_replication_group");
    const subnets = new ElasticacheSubnetGroup(this, "subnets", {
      name: names.of("elasticache_subnet_group"),
      description: "Data subnets of every zone",
      subnetIds: props.subnetIds,
    });
    const [major = ""] = props.engineVersion.split(".");
    const family = `${props.engine}${major}`;
    // The family is part of the address: an upgrade that fails can be reverted while both groups exist.
    const parameters = new ElasticacheParameterGroup(this, `parameters-${family}`, {
      name: names.of("elasticache_parameter_group", family),
      family,
      description: "Cluster mode",
      parameter: [
        // Without it the provider would create a cluster with one shard, and replace it in every apply.
        { name: "cluster-enabled", value: "yes" },
        { name: "maxmemory-policy", value: props.maxMemoryPolicy },
      ],
      lifecycle: DELETED_LAST,
    });
    moveFromFormerId(parameters, "parameters");
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
      description: "Sessions and other data that can be computed again",
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
      ...(props.finalSnapshot && {
        finalSnapshotIdentifier: finalSnapshotName(this, identifier, {
          engine: props.engine,
          engineVersion: props.engineVersion,
          key: props.keyArn,
        }),
      }),
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
