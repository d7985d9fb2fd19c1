import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import type { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster";
import type { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Connection } from "../connections/connection";
import type { Statement } from "../iam/policy";
import { LogGroup } from "../monitoring/log-group";
import type { Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import { firstApply } from "../state/first-apply";
import { databaseAlarms } from "./alarms";
import type { AuroraProps } from "./aurora-props";
import { databaseCapacityAlarms } from "./capacity-alarms";
import { createCluster } from "./cluster";
import type { ClusterTemplate } from "./cluster-template";
import { type Credentials, databaseConnection } from "./connection";
import { backtrackSeconds, traits } from "./engine";
import { Instances } from "./instances";
import { readSecretPermissions } from "./database-secret";
import { masterSecretKeyAlias, masterSecretName, serviceSecretName } from "./master-secret";
import { parameterGroups } from "./parameter-groups";
import { SecretGuard } from "./password-version";
import { placements } from "./placement";
import { DatabaseProxy, type DatabaseProxyProps } from "./proxy";
import { ReaderScaling } from "./reader-scaling";
import { serviceCredentials } from "./service-credentials";

/**
 * An Aurora cluster with each instance pinned to its own zone. Aurora itself stores six copies of the data in three zones;
 * the instances determine how soon the database is available again.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
 */
export class Aurora extends Construct {
  readonly port: number;
  /** Host names that resolve to the current writer and readers (known after apply): those of the proxy if there is one. */
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;
  /** Security group to which clients connect: that of the proxy if there is one, otherwise that of the cluster. */
  private readonly clientSecurityGroup: SecurityGroup;
  /** Secret with the keys `username` and `password`. */
  readonly secretArn: string;
  /** Key of the secret: reading the secret requires `kms:Decrypt` on it. */
  readonly secretKeyArn: string;
  /** Permissions to read the secret. */
  readonly readSecret: readonly Statement[];
  readonly clusterArn: string;
  /** Resource id, which another cluster of the same name does not have (known after apply). */
  readonly clusterId: string;
  /** Exists once the cluster accepts connections. */
  readonly instances: readonly RdsClusterInstance[];
  readonly template: ClusterTemplate;
  readonly widgets: readonly Widget[];
  /** Alarms of the instances in each zone. */
  readonly zoneAlarms: ReadonlyMap<string, readonly CloudwatchMetricAlarm[]>;
  /** Security group of the instances, also where clients connect to a proxy. */
  readonly securityGroup: SecurityGroup;
  /** Host name of the writer of the cluster, also where clients connect to a proxy (known after apply). */
  readonly clusterEndpoint: string;
  /** Secret with the keys `username` and `password` of the user of the services, if it has a password. */
  readonly serviceSecretArn: string | undefined;
  private readonly serviceCredentials: Credentials | undefined;
  private readonly ownSecret: DataAwsSecretsmanagerSecret | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AuroraProps,
  ) {
    super(scope, id);
    const { names, vpcId, region } = props;
    this.clusterArn = `arn:aws:rds:${region}:${props.accountId}:cluster:${names.of("rds_cluster")}`;
    const { globalRpoSeconds, ...sessionLimits } = props;
    const engine = traits(props.engine, {
      ...sessionLimits,
      globalRpoSeconds: props.membership.kind === "primary" ? globalRpoSeconds : undefined,
    });
    this.port = engine.port;
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "database", port: this.port });
    // RDS would create the groups itself, without a retention, and they would remain after a destroy.
    const logs = new Map(
      engine.logs.map((log) => [
        log,
        new LogGroup(this, `log-${log}`, {
          name: `/aws/rds/cluster/${names.of("rds_cluster")}/${log}`,
          keyArn: props.logKeyArn,
          retentionDays: props.logRetentionDays,
        }).resource,
      ]),
    );
    const ownSecret = props.password === "own-secret" ? this.lookUpSecret(names) : undefined;
    this.ownSecret = ownSecret?.secret;
    const parameters = parameterGroups(this, names, engine);
    const cluster = createCluster(this, props, {
      logs,
      parameters: parameters.cluster,
      instanceParameters: parameters.instance,
      port: this.port,
      securityGroupId: this.securityGroup.id,
      secretArn: this.ownSecret?.arn,
    });
    // Renaming this construct must never replace the ledger.
    cluster.overrideLogicalId("aurora");
    this.secretArn = this.ownSecret?.arn ?? cluster.masterUserSecret.get(0).secretArn;
    this.secretKeyArn = ownSecret?.key.targetKeyArn ?? props.keyArn;
    this.readSecret = readSecretPermissions(this.secretArn, this.secretKeyArn, region);
    this.serviceSecretArn =
      props.serviceUser?.authentication === "password"
        ? new SecretGuard(this, "service-user-guard", { secretName: serviceSecretName(names), version: props.passwordVersion }).secretArn
        : undefined;
    this.clusterEndpoint = cluster.endpoint;
    this.clusterId = cluster.clusterResourceId;
    this.serviceCredentials = props.serviceUser?.enabled
      ? serviceCredentials(props, { secretArn: this.serviceSecretArn, secretKeyArn: this.secretKeyArn, clusterId: this.clusterId })
      : undefined;
    const places = placements(props);
    const instances = new Instances(this, "instances", { ...props, cluster, places, parameterGroupName: parameters.instance.name });
    this.instances = instances.all;
    this.template = {
      clusterIdentifier: names.of("rds_cluster"),
      engine: props.engine.kind,
      port: this.port,
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
    this.writerEndpoint = proxy?.writerEndpoint ?? cluster.endpoint;
    this.readerEndpoint = proxy?.readerEndpoint ?? cluster.readerEndpoint;
    if (props.readerScaling && props.membership.kind !== "secondary" && places.length > 0)
      new ReaderScaling(this, "reader-scaling", {
        clusterIdentifier: cluster.clusterIdentifier,
        name: names.of("appautoscaling_policy", "database-readers"),
        minReaders: places.length - 1,
        ...props.readerScaling,
        after: this.instances,
      });
    const { widgets, zoneAlarms } = databaseAlarms(this, {
      alerts: props.alerts,
      cluster: names.of("rds_cluster"),
      clusterId: cluster.clusterIdentifier,
      clusterArn: this.clusterArn,
      parameterGroup: parameters.instance.name,
      instances: places.map(({ name, zone }, index) => ({
        id: this.instances[index]?.identifier ?? "",
        identifier: names.of("rds_cluster_instance", name),
        placement: name,
        zone,
      })),
      role: props.membership.kind,
      maxReplicaLagMilliseconds: props.maxReplicaLagMilliseconds,
      maxGlobalLagMilliseconds: props.maxGlobalLagMilliseconds,
      backtrack: backtrackSeconds(props.engine) !== undefined,
    });
    const capacityWidgets =
      places.length > 0
        ? databaseCapacityAlarms(this, {
            alerts: props.alerts,
            cluster: names.of("rds_cluster"),
            engine: props.engine.kind,
            instanceClass: props.instanceClass,
          })
        : [];
    this.widgets = [...widgets, ...capacityWidgets];
    this.zoneAlarms = zoneAlarms;
  }

  /**
   * The connection of a service to the database.
   * @param after what creates the user of the services
   */
  connection(after: readonly ITerraformDependable[] = []): Connection {
    return databaseConnection({
      clusterIdentifier: this.template.clusterIdentifier,
      membership: this.props.membership.kind,
      writerEndpoint: this.writerEndpoint,
      readerEndpoint: this.readerEndpoint,
      changedByRunbook: this.props.endpointsChangedByRunbook,
      port: this.port,
      databaseName: this.props.databaseName,
      credentials: this.serviceCredentials ?? { secretArn: this.secretArn, readSecret: this.readSecret },
      passwordVersion: this.props.passwordVersion,
      securityGroup: this.clientSecurityGroup,
      after: [...this.instances, ...after],
    });
  }

  /** The secret of the stack `global` and its key in this region. A first plan succeeds before they exist. */
  private lookUpSecret(names: Names): { readonly secret: DataAwsSecretsmanagerSecret; readonly key: DataAwsKmsAlias } {
    const dependsOn = [firstApply(this)];
    return {
      secret: new DataAwsSecretsmanagerSecret(this, "master-secret", { name: masterSecretName(names), dependsOn }),
      key: new DataAwsKmsAlias(this, "master-secret-key", { name: masterSecretKeyAlias(names), dependsOn }),
    };
  }

  private proxy(
    { names, region, accountId, vpcId, subnetIds, logKeyArn, logRetentionDays }: AuroraProps,
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
      secretArns: [this.secretArn, ...(this.serviceSecretArn === undefined ? [] : [this.serviceSecretArn])],
      secretKeyArn: this.secretKeyArn,
      after: this.instances,
      logKeyArn,
      logRetentionDays,
    });
    this.securityGroup.allowFrom(proxy.securityGroup, "the proxy pools connections to the database");
    return proxy;
  }
}
