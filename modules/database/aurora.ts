import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { RdsCluster, type RdsClusterConfig } from "@cdktf/provider-aws/lib/rds-cluster";
import type { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";
import type { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Statement } from "../iam/policy";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup } from "../monitoring/log-group";
import type { Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import { type Engine, lifecycleSupport, traits } from "./engine";
import { ephemeral } from "./ephemeral";
import { masterSecretKeyAlias, masterSecretName, mayReadSecret } from "./master-secret";
import { Instances } from "./instances";
import { parameterGroups } from "./parameter-groups";
import { type Placement, placements } from "./placement";
import { DatabaseProxy, type DatabaseProxyProps } from "./proxy";
import { ReaderScaling, type ReaderScalingProps } from "./reader-scaling";
import { watch } from "./watch";

export interface AuroraProps {
  readonly names: Names;
  readonly region: string;
  readonly accountId: string;
  readonly vpcId: string;
  /** Data subnets, one per zone. Changing them moves the cluster, with an interruption. */
  readonly subnetIds: string[];
  /** Zones in the order of promotion: the writer's, then the readers'. They repeat when there are more instances. */
  readonly availabilityZones: readonly string[];
  readonly engine: Engine;
  /** Whether the engine may run on, at a price, once its standard support has ended. Read when the cluster is made. */
  readonly extendedSupport: boolean;
  /** Changing it restarts the instances one by one. */
  readonly instanceClass: string;
  /** Bounds of the capacity of instances of class `db.serverless`, in Aurora capacity units. Changes apply at once. */
  readonly serverless?: { readonly minAcu: number; readonly maxAcu: number } | undefined;
  /** Number of instances: the writer and its readers. 0 keeps the data alone, without anything to serve it. */
  readonly instances: number;
  /** Tier of each instance, 0–15: the lowest is promoted first. @default - in the order of the zones */
  readonly promotionTiers?: readonly number[] | undefined;
  /** More readers while the load is high; never in a secondary, where AWS has none of it. @default - as many as `instances` says */
  readonly readerScaling?: Pick<ReaderScalingProps, "maxReaders" | "cpuPercent"> | undefined;
  /** RDS Proxy between clients and cluster: connections outlive a failover. */
  readonly proxy: boolean;
  /** Name of the first database. Changing it replaces the cluster. */
  readonly databaseName: string;
  /** Changing it replaces the cluster. */
  readonly masterUsername: string;
  /**
   * Who has the password: RDS, which makes and rotates it for one cluster, or the secret that `MasterSecret` made, which
   * a global database needs and a restored cluster shares. Changing it gives the database a new password.
   */
  readonly password: "managed-by-rds" | "own-secret";
  /** Version of the password in the secret: a higher one is read and set anew. */
  readonly passwordVersion: number;
  /**
   * Whether the cluster stands alone, or is the primary or a secondary of a global database. Changing it by a failover
   * is AWS's business: Terraform does not undo it.
   */
  readonly membership:
    | { readonly kind: "alone" }
    | { readonly kind: "primary"; readonly globalCluster: string }
    | { readonly kind: "secondary"; readonly globalCluster: string; readonly primaryRegion: string };
  /** Encrypts storage, backups, insights and the master password. Changing it replaces the cluster. */
  readonly keyArn: string;
  readonly logKeyArn: string;
  readonly logRetentionDays: number;
  /** Days back to any second of which the cluster can be restored, 1–35. */
  readonly backupRetentionDays: number;
  /** Daily window in UTC, `03:00-04:00`. */
  readonly backupWindow: string;
  /** Weekly window in UTC, `sun:05:00-sun:06:00`. */
  readonly maintenanceWindow: string;
  /** Days: 7, which is free, a multiple of 31 up to 713, or 731. */
  readonly performanceInsightsRetentionDays: number;
  /** Time between two samples of the operating system: 1, 5, 10, 15, 30 or 60. */
  readonly monitoringIntervalSeconds: number;
  /** Statements that take longer are logged. */
  readonly slowQueryMilliseconds: number;
  /** Lag of a reader behind the writer at which an alarm rings. */
  readonly maxReplicaLagMilliseconds: number;
  /** Lag of a secondary behind the primary's region at which an alarm rings. */
  readonly maxGlobalLagMilliseconds: number;
  /** Whether the cluster can be deleted only after this is taken away. Changes apply at once. */
  readonly deletionProtection: boolean;
  /** Whether deleting the cluster leaves a snapshot behind. */
  readonly finalSnapshot: boolean;
  readonly alerts: Alerts;
}

/**
 * What a second cluster of the same make would need: how a runbook restores beside this one. Names, ARNs and settings as
 * RDS takes them.
 */
export interface Blueprint {
  readonly clusterIdentifier: string;
  readonly engine: Engine["kind"];
  readonly port: number;
  readonly keyArn: string;
  readonly subnetGroup: string;
  readonly securityGroupId: string;
  readonly clusterParameterGroup: string;
  readonly instanceParameterGroup: string;
  readonly instanceClass: string;
  readonly serverless: AuroraProps["serverless"];
  readonly monitoringRoleArn: string;
  readonly monitoringIntervalSeconds: number;
  readonly performanceInsightsRetentionDays: number;
  readonly deletionProtection: boolean;
  readonly instances: readonly Placement[];
}

/**
 * An Aurora cluster with each instance pinned to its own zone. Six copies of the data in three zones are
 * Aurora's own; the instances decide how soon somebody serves it again.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
 */
export class Aurora extends Construct {
  readonly port: number;
  /** Host names that follow a failover (known after apply): the proxy's where there is one. */
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;
  /** What clients connect to: the proxy's group where there is one, else the cluster's. */
  readonly clientSecurityGroup: SecurityGroup;
  /** Secret with the keys `username` and `password`. */
  readonly secretArn: string;
  readonly clusterArn: string;
  /** Exists once the cluster answers queries. */
  readonly instances: readonly RdsClusterInstance[];
  readonly blueprint: Blueprint;
  readonly widgets: readonly Widget[];
  /** Alarms of the instances in each zone. */
  readonly zoneAlarms: ReadonlyMap<string, readonly CloudwatchMetricAlarm[]>;
  private readonly securityGroup: SecurityGroup;
  /** Key of the secret: who reads it must decrypt with it. */
  private readonly secretKeyArn: string;
  private readonly region: string;
  private readonly ownSecret: DataAwsSecretsmanagerSecret | undefined;

  constructor(scope: Construct, id: string, props: AuroraProps) {
    super(scope, id);
    const { names, vpcId, region } = props;
    this.region = region;
    this.clusterArn = `arn:aws:rds:${region}:${props.accountId}:cluster:${names.of("rds_cluster")}`;
    const engine = traits(props.engine, props.slowQueryMilliseconds);
    const { port, logs } = engine;
    this.port = port;
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "database", port });
    // RDS would make the groups itself, without an end to what they keep, and leave them behind.
    const groups = logs.map(
      (log) =>
        new LogGroup(this, `log-${log}`, {
          name: `/aws/rds/cluster/${names.of("rds_cluster")}/${log}`,
          keyArn: props.logKeyArn,
          retentionDays: props.logRetentionDays,
        }).resource,
    );
    // The dependency puts the look-up off while there is nothing yet: a first plan works before the global stack exists.
    const afterLogGroups = { dependsOn: groups };
    if (props.password === "own-secret")
      this.ownSecret = new DataAwsSecretsmanagerSecret(this, "master-secret", {
        name: masterSecretName(names),
        ...afterLogGroups,
      });
    const parameters = parameterGroups(this, names, engine);
    const cluster = this.cluster(props, logs, parameters.cluster, groups);
    // A rename of this module must never replace the ledger.
    cluster.overrideLogicalId("aurora");
    this.secretArn = this.ownSecret?.arn ?? cluster.masterUserSecret.get(0).secretArn;
    this.secretKeyArn = this.ownSecret
      ? new DataAwsKmsAlias(this, "master-secret-key", { name: masterSecretKeyAlias(names), ...afterLogGroups }).targetKeyArn
      : props.keyArn;
    const places = placements(props.instances, props.availabilityZones, props.promotionTiers);
    const instances = new Instances(this, "instances", { ...props, cluster, places, parameterGroupName: parameters.instance.name });
    this.instances = instances.all;
    this.blueprint = {
      clusterIdentifier: names.of("rds_cluster"),
      engine: props.engine.kind,
      port,
      keyArn: props.keyArn,
      subnetGroup: names.of("db_subnet_group"),
      securityGroupId: this.securityGroup.id,
      clusterParameterGroup: parameters.cluster.name,
      instanceParameterGroup: parameters.instance.name,
      instanceClass: props.instanceClass,
      serverless: props.serverless,
      monitoringRoleArn: instances.monitoringRoleArn,
      monitoringIntervalSeconds: props.monitoringIntervalSeconds,
      performanceInsightsRetentionDays: props.performanceInsightsRetentionDays,
      deletionProtection: props.deletionProtection,
      instances: places,
    };
    const proxy = props.proxy && places.length > 0 ? this.proxy(props, engine.proxyFamily, cluster) : undefined;
    this.clientSecurityGroup = proxy?.securityGroup ?? this.securityGroup;
    // A secondary may have no writer endpoint until it is promoted, and a parameter holds no empty value.
    const writer =
      props.membership.kind === "secondary" ? Token.asString(Fn.coalesce([cluster.endpoint, "none-until-promoted"])) : cluster.endpoint;
    this.writerEndpoint = proxy?.writerEndpoint ?? writer;
    this.readerEndpoint = proxy?.readerEndpoint ?? cluster.readerEndpoint;
    if (props.readerScaling && props.membership.kind !== "secondary" && places.length > 0)
      new ReaderScaling(this, "reader-scaling", {
        clusterIdentifier: cluster.clusterIdentifier,
        name: names.of("appautoscaling_policy", "database-readers"),
        minReaders: places.length - 1,
        ...props.readerScaling,
        after: this.instances,
      });
    const watched = watch(this, {
      alerts: props.alerts,
      cluster: names.of("rds_cluster"),
      clusterId: cluster.clusterIdentifier,
      parameterGroup: parameters.instance.name,
      instances: places.map(({ name, zone }, index) => ({
        id: this.instances[index]?.identifier ?? "",
        identifier: names.of("rds_cluster_instance", name),
        place: name,
        zone,
      })),
      role: props.membership.kind,
      maxReplicaLagMilliseconds: props.maxReplicaLagMilliseconds,
      maxGlobalLagMilliseconds: props.maxGlobalLagMilliseconds,
      backtrack: backtrackSeconds(props.engine) !== undefined,
    });
    this.widgets = watched.widgets;
    this.zoneAlarms = watched.zoneAlarms;
  }

  /** What reads the user and the password. */
  grantReadSecret(): Statement[] {
    return mayReadSecret(this.secretArn, this.secretKeyArn, this.region);
  }

  private cluster(
    props: AuroraProps,
    logs: readonly string[],
    parameters: RdsClusterParameterGroup,
    groups: readonly CloudwatchLogGroup[],
  ): RdsCluster {
    const { names, engine } = props;
    const identifier = names.of("rds_cluster");
    const backtrackWindow = backtrackSeconds(engine);
    const subnets = new DbSubnetGroup(this, "subnets", {
      name: names.of("db_subnet_group"),
      description: "Data tier, every zone",
      subnetIds: props.subnetIds,
    });
    return new RdsCluster(this, "cluster", {
      clusterIdentifier: identifier,
      engine: engine.kind,
      engineVersion: engine.version,
      engineLifecycleSupport: lifecycleSupport(props.extendedSupport),
      port: this.port,
      ...(backtrackWindow !== undefined && { backtrackWindow }),
      ...(props.serverless && {
        serverlessv2ScalingConfiguration: { minCapacity: props.serverless.minAcu, maxCapacity: props.serverless.maxAcu },
      }),
      ...this.identity(props),
      storageEncrypted: true,
      kmsKeyId: props.keyArn,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [this.securityGroup.id],
      dbClusterParameterGroupName: parameters.name,
      iamDatabaseAuthenticationEnabled: true,
      enabledCloudwatchLogsExports: [...logs],
      backupRetentionPeriod: props.backupRetentionDays,
      preferredBackupWindow: props.backupWindow,
      preferredMaintenanceWindow: props.maintenanceWindow,
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection,
      skipFinalSnapshot: !props.finalSnapshot,
      ...(props.finalSnapshot && { finalSnapshotIdentifier: `final-${identifier}` }),
      dependsOn: [...groups],
    });
  }

  /** What makes the cluster: its first database and owner, or the global database that it joins. */
  private identity(props: AuroraProps): Partial<RdsClusterConfig> {
    const { membership, databaseName, masterUsername, keyArn } = props;
    const member: Partial<RdsClusterConfig> =
      membership.kind === "alone"
        ? {}
        : {
            globalClusterIdentifier: membership.globalCluster,
            // After a failover the roles are swapped, and an upgrade goes through the global cluster: neither is Terraform's to
            // undo. The other three would replace a cluster, with its data, when the order of the regions is changed.
            lifecycle: {
              ignoreChanges: [
                "global_cluster_identifier",
                "replication_source_identifier",
                "engine_version",
                "source_region",
                "database_name",
                "master_username",
              ],
            },
          };
    // A secondary has no user of its own: it replicates the primary's.
    if (membership.kind === "secondary") return { ...member, sourceRegion: membership.primaryRegion };
    const owner = { ...member, databaseName, masterUsername };
    if (props.password === "managed-by-rds") return { ...owner, manageMasterUserPassword: true, masterUserSecretKmsKeyId: keyArn };
    const secret = ephemeral(this, "aws_secretsmanager_secret_version", "database", { secret_id: this.ownSecret?.arn });
    return {
      ...owner,
      masterPasswordWo: `\${jsondecode(${secret}.secret_string)["password"]}`,
      masterPasswordWoVersion: props.passwordVersion,
    };
  }

  private proxy(
    { names, region, accountId, vpcId, subnetIds, membership }: AuroraProps,
    engineFamily: DatabaseProxyProps["engineFamily"],
    cluster: RdsCluster,
  ): DatabaseProxy {
    const proxy = new DatabaseProxy(this, "proxy", {
      names,
      region,
      accountId,
      vpcId,
      subnetIds,
      port: this.port,
      engineFamily,
      clusterIdentifier: cluster.clusterIdentifier,
      secretArn: this.secretArn,
      secretKeyArn: this.secretKeyArn,
      writes: membership.kind !== "secondary",
      after: this.instances,
    });
    this.securityGroup.allowFrom(proxy.securityGroup, "the proxy keeps connections to the database");
    return proxy;
  }
}

function backtrackSeconds(engine: Engine): number | undefined {
  return engine.kind === "aurora-mysql" ? engine.backtrackSeconds : undefined;
}
