import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { RdsCluster, type RdsClusterConfig } from "@cdktf/provider-aws/lib/rds-cluster";
import { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";
import { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { trust } from "../iam/policy";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup } from "../monitoring/log-group";
import type { Metric, Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import { ephemeral } from "./ephemeral";
import { masterSecretKeyAlias, masterSecretName, PASSWORD_VERSION } from "./master-secret";

export interface AuroraProps {
  readonly names: Names;
  readonly accountId: string;
  readonly vpcId: string;
  /** Data subnets, one per zone. Changing them moves the cluster, with an interruption. */
  readonly subnetIds: string[];
  /** Zones in the order of promotion: the writer's, then the readers'. They repeat when there are more instances. */
  readonly availabilityZones: readonly string[];
  /** Aurora PostgreSQL version, e.g. `16.8`. A new major version interrupts the service. */
  readonly engineVersion: string;
  /** Changing it restarts the instances one by one. */
  readonly instanceClass: string;
  /** Number of instances: the writer and its readers. 0 keeps the data alone, without anything to serve it. */
  readonly instances: number;
  /** Name of the first database. Changing it replaces the cluster. */
  readonly databaseName: string;
  /** Changing it replaces the cluster. */
  readonly masterUsername: string;
  /**
   * Whether the cluster stands alone, or is the primary or a secondary of a global database. Alone, RDS makes and
   * rotates the password; in a global database it comes from the secret that `MasterSecret` made. Changing it by a
   * failover is AWS's business: Terraform does not undo it.
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
  readonly performanceInsightsRetentionDays: number;
  readonly monitoringIntervalSeconds: number;
  /** Statements that take longer are logged. */
  readonly slowQueryMilliseconds: number;
  readonly maxReplicaLagMilliseconds: number;
  /** Lag of a secondary behind the primary's region at which an alarm rings. */
  readonly maxGlobalLagMilliseconds: number;
  readonly deletionProtection: boolean;
  readonly finalSnapshot: boolean;
  readonly alerts: Alerts;
}

export const DATABASE_PORT = 5432;
const EXPORTED_LOG = "postgresql";
const MAX_WRITER_CPU_PERCENT = 90;
/** An engine younger than this has restarted or failed over within the last minutes. */
const YOUNG_ENGINE_SECONDS = 120;

/**
 * An Aurora PostgreSQL cluster with each instance pinned to its own zone. Six copies of the data in three zones are
 * Aurora's own; the instances decide how soon somebody serves it again.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
 */
export class Aurora extends Construct {
  readonly securityGroup: SecurityGroup;
  /** Host names that follow a failover (known after apply). */
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;
  /** Secret with the keys `username` and `password`. */
  readonly secretArn: string;
  /** Key of that secret: who reads it must decrypt with it. */
  readonly secretKeyArn: string;
  /** Exists once the cluster answers queries. */
  readonly instances: readonly RdsClusterInstance[];
  readonly widgets: readonly Widget[];
  private readonly sharedSecret: DataAwsSecretsmanagerSecret | undefined;

  constructor(scope: Construct, id: string, props: AuroraProps) {
    super(scope, id);
    const { names, vpcId } = props;
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "database", port: DATABASE_PORT });
    // RDS would make the group itself, without an end to what it keeps, and leave it behind.
    const log = new LogGroup(this, "log", {
      name: `/aws/rds/cluster/${names.of("rds_cluster")}/${EXPORTED_LOG}`,
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays,
    });
    // The dependency puts the look-up off while there is nothing yet: a first plan works before the global stack exists.
    const firstPlanWithoutGlobal = { dependsOn: [log.resource] };
    if (props.membership.kind !== "alone")
      this.sharedSecret = new DataAwsSecretsmanagerSecret(this, "master-secret", {
        name: masterSecretName(names),
        ...firstPlanWithoutGlobal,
      });
    const cluster = this.cluster(props, log);
    // A rename of this module must never replace the ledger.
    cluster.overrideLogicalId("aurora");
    // A secondary may have no writer endpoint until it is promoted, and a parameter holds no empty value.
    this.writerEndpoint =
      props.membership.kind === "secondary" ? Token.asString(Fn.coalesce([cluster.endpoint, "none-until-promoted"])) : cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.secretArn = this.sharedSecret?.arn ?? cluster.masterUserSecret.get(0).secretArn;
    this.secretKeyArn = this.sharedSecret
      ? new DataAwsKmsAlias(this, "master-secret-key", { name: masterSecretKeyAlias(names), ...firstPlanWithoutGlobal }).targetKeyArn
      : props.keyArn;
    this.instances = this.pinnedInstances(props, cluster);
    this.widgets = this.watch(props, cluster);
  }

  private cluster(props: AuroraProps, log: LogGroup): RdsCluster {
    const { names } = props;
    const identifier = names.of("rds_cluster");
    const subnets = new DbSubnetGroup(this, "subnets", {
      name: names.of("db_subnet_group"),
      description: "Data tier, every zone",
      subnetIds: props.subnetIds,
    });
    return new RdsCluster(this, "cluster", {
      clusterIdentifier: identifier,
      engine: "aurora-postgresql",
      engineVersion: props.engineVersion,
      port: DATABASE_PORT,
      ...this.identity(props),
      storageEncrypted: true,
      kmsKeyId: props.keyArn,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [this.securityGroup.id],
      dbClusterParameterGroupName: this.clusterParameters(props).name,
      iamDatabaseAuthenticationEnabled: true,
      enabledCloudwatchLogsExports: [EXPORTED_LOG],
      backupRetentionPeriod: props.backupRetentionDays,
      preferredBackupWindow: props.backupWindow,
      preferredMaintenanceWindow: props.maintenanceWindow,
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection,
      skipFinalSnapshot: !props.finalSnapshot,
      ...(props.finalSnapshot && { finalSnapshotIdentifier: `final-${identifier}` }),
      dependsOn: [log.resource],
    });
  }

  /** What makes the cluster: its first database and owner, or the global database that it joins. */
  private identity({ membership, databaseName, masterUsername, keyArn }: AuroraProps): Partial<RdsClusterConfig> {
    if (membership.kind === "alone")
      return { databaseName, masterUsername, manageMasterUserPassword: true, masterUserSecretKmsKeyId: keyArn };
    const member: Partial<RdsClusterConfig> = {
      globalClusterIdentifier: membership.globalCluster,
      // After a failover the roles are swapped, and an upgrade goes through the global cluster: neither is Terraform's to undo.
      lifecycle: { ignoreChanges: ["global_cluster_identifier", "replication_source_identifier", "engine_version"] },
    };
    // A secondary has no user of its own: it replicates the primary's.
    if (membership.kind === "secondary") return { ...member, sourceRegion: membership.primaryRegion };
    const secret = ephemeral(this, "aws_secretsmanager_secret_version", "database", { secret_id: this.sharedSecret?.arn });
    return {
      ...member,
      databaseName,
      masterUsername,
      masterPasswordWo: `\${jsondecode(${secret}.secret_string)["password"]}`,
      masterPasswordWoVersion: PASSWORD_VERSION,
    };
  }

  private clusterParameters({ names, engineVersion, slowQueryMilliseconds }: AuroraProps): RdsClusterParameterGroup {
    return new RdsClusterParameterGroup(this, "cluster-parameters", {
      name: names.of("rds_cluster_parameter_group", major(engineVersion)),
      family: family(engineVersion),
      description: "TLS only; slow statements are logged",
      parameter: [
        { name: "rds.force_ssl", value: "1" },
        { name: "log_min_duration_statement", value: String(slowQueryMilliseconds) },
        { name: "log_connections", value: "1" },
        { name: "log_disconnections", value: "1" },
      ],
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private pinnedInstances(props: AuroraProps, cluster: RdsCluster): RdsClusterInstance[] {
    const { names, availabilityZones, engineVersion } = props;
    const monitoring = new IamRole(this, "monitoring-role", {
      name: names.of("iam_role", "rds-monitoring"),
      description: "Enhanced monitoring of the database instances",
      assumeRolePolicy: trust("monitoring.rds.amazonaws.com", props.accountId),
    });
    const permission = new IamRolePolicyAttachment(this, "monitoring-permissions", {
      role: monitoring.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    });
    const parameters = new DbParameterGroup(this, "instance-parameters", {
      name: names.of("db_parameter_group", major(engineVersion)),
      family: family(engineVersion),
      description: "Instances follow the cluster's parameters",
      lifecycle: { createBeforeDestroy: true },
    });
    return Array.from({ length: props.instances }, (_, tier) => {
      const { zone, name } = placement(tier, availabilityZones);
      const instance = new RdsClusterInstance(this, name, {
        // Named after its place: which instance writes is for Aurora to decide, and changes.
        identifier: names.of("rds_cluster_instance", name),
        clusterIdentifier: cluster.id,
        engine: "aurora-postgresql",
        engineVersion: cluster.engineVersion,
        instanceClass: props.instanceClass,
        availabilityZone: zone,
        promotionTier: Math.min(tier, LAST_TIER),
        dbSubnetGroupName: cluster.dbSubnetGroupName,
        dbParameterGroupName: parameters.name,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: false,
        copyTagsToSnapshot: true,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: props.keyArn,
        performanceInsightsRetentionPeriod: props.performanceInsightsRetentionDays,
        monitoringInterval: props.monitoringIntervalSeconds,
        monitoringRoleArn: monitoring.arn,
        dependsOn: [permission],
      });
      instance.overrideLogicalId(`aurora_${name}`);
      return instance;
    });
  }

  private watch(props: AuroraProps, cluster: RdsCluster): Widget[] {
    const { alerts, names, maxReplicaLagMilliseconds } = props;
    const metrics = databaseMetrics(names.of("rds_cluster"));
    const alarms = [...this.watchInstances(props, metrics), ...this.watchGlobal(props)];
    if (alarms.length > 0) alerts.tier(this, "database", alarms, "database.md#tier");
    alerts.databaseEvents(
      this,
      "db-cluster",
      "db-cluster",
      [cluster.clusterIdentifier],
      ["failover", "failure", "global-failover", "maintenance", "notification"],
    );
    if (this.instances.length > 0) {
      const instanceIds = this.instances.map((instance) => instance.identifier);
      alerts.databaseEvents(this, "db-instance", "db-instance", instanceIds, ["availability", "failure", "low storage", "recovery"]);
    }
    return [
      { title: "Replica lag", metrics: [metrics.lag], threshold: { value: maxReplicaLagMilliseconds, label: "limit" } },
      { title: "Uptime of the writer: falls to zero at a failover", metrics: [metrics.uptime] },
      { title: "Writer", metrics: [metrics.cpu, metrics.connections] },
      ...(props.membership.kind === "secondary"
        ? [
            {
              title: "Behind the primary region",
              metrics: [globalLag(props.names, props.membership.primaryRegion)],
              threshold: { value: props.maxGlobalLagMilliseconds, label: "limit" },
            },
          ]
        : []),
    ];
  }

  /** A secondary has no writer, and a cluster without instances nobody to report. */
  private watchInstances(
    { alerts, instances, membership, maxReplicaLagMilliseconds }: AuroraProps,
    metrics: ReturnType<typeof databaseMetrics>,
  ): CloudwatchMetricAlarm[] {
    if (membership.kind === "secondary") return [];
    const lag = alerts.alarm(this, "replica-lag-high", {
      severity: "critical",
      means: `A reader is more than ${maxReplicaLagMilliseconds} ms behind the writer, and would lose time when promoted.`,
      metric: metrics.lag,
      when: { above: maxReplicaLagMilliseconds },
      missingData: instances > 1 ? "breaching" : "notBreaching",
      runbook: "database.md#replica-lag",
    });
    const down = alerts.alarm(this, "writer-down", {
      severity: "critical",
      means: "The writer reports nothing, or has started within the last two minutes: it restarted or failed over.",
      metric: metrics.uptime,
      when: { below: YOUNG_ENGINE_SECONDS },
      missingData: "breaching",
      runbook: "database.md#writer-down",
    });
    const cpu = alerts.alarm(this, "writer-cpu-high", {
      severity: "warning",
      means: "The writer has no processor time left for more load.",
      metric: metrics.cpu,
      when: { above: MAX_WRITER_CPU_PERCENT },
      missingData: "notBreaching",
      runbook: "database.md#writer-load",
    });
    return [lag, down, cpu];
  }

  /** The lag between regions is measured, and reported, in the secondary's region. */
  private watchGlobal({ alerts, membership, names, maxGlobalLagMilliseconds }: AuroraProps): CloudwatchMetricAlarm[] {
    if (membership.kind !== "secondary") return [];
    return [
      alerts.alarm(this, "global-lag-high", {
        severity: "critical",
        means: `This region is more than ${maxGlobalLagMilliseconds} ms behind the primary: that much would be lost if it took over now.`,
        metric: globalLag(names, membership.primaryRegion),
        when: { above: maxGlobalLagMilliseconds },
        missingData: "breaching",
        runbook: "database.md#global-lag",
      }),
    ];
  }
}

/** Lowest rank in the order of promotion. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html */
const LAST_TIER = 15;

/** Zone and name of the instance of a promotion tier: the zones in turn, and a number from the second round on. */
function placement(tier: number, zones: readonly string[]): { zone: string; name: string } {
  const zone = zones[tier % zones.length] as string;
  const round = Math.floor(tier / zones.length) + 1;
  return { zone, name: round === 1 ? zone : `${zone}-${round}` };
}

function major(engineVersion: string): string {
  return engineVersion.split(".")[0] as string;
}

function family(engineVersion: string): string {
  return `aurora-postgresql${major(engineVersion)}`;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html */
function databaseMetrics(cluster: string) {
  const namespace = "AWS/RDS";
  const whole = { DBClusterIdentifier: cluster };
  const writer = { ...whole, Role: "WRITER" };
  return {
    lag: { namespace, name: "AuroraReplicaLagMaximum", dimensions: whole, statistic: "Maximum", label: "milliseconds behind" },
    uptime: { namespace, name: "EngineUptime", dimensions: writer, statistic: "Minimum", label: "seconds up" },
    cpu: { namespace, name: "CPUUtilization", dimensions: writer, statistic: "Average", label: "CPU percent" },
    connections: { namespace, name: "DatabaseConnections", dimensions: writer, statistic: "Sum", label: "connections" },
  } satisfies Record<string, Metric>;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-monitoring.html */
function globalLag(names: Names, primaryRegion: string): Metric {
  return {
    namespace: "AWS/RDS",
    name: "AuroraGlobalDBReplicationLag",
    dimensions: { DBClusterIdentifier: names.of("rds_cluster"), SourceRegion: primaryRegion },
    statistic: "Maximum",
    label: "milliseconds behind the primary region",
  };
}
