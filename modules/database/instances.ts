import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster";
import { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { trust } from "../iam/policy";
import type { Engine } from "./engine";
import type { Placement } from "./placement";

export interface InstancesProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the AWS account, as in ARNs and in the conditions of policies. */
  readonly accountId: string;
  /** The cluster of the instances. */
  readonly cluster: RdsCluster;
  /** Engine of the cluster, with its version. */
  readonly engine: Engine;
  /** Instance class. A change restarts one instance after the other. */
  readonly instanceClass: string;
  /** Whether changes do not wait for the maintenance window of each instance. */
  readonly applyImmediately: boolean;
  /** Zone, promotion tier and maintenance window of each instance. An appended place adds an instance. */
  readonly places: readonly Placement[];
  /** Name of the parameter group of the instances. */
  readonly parameterGroupName: string;
  /** Encrypts Performance Insights. */
  readonly keyArn: string;
  /** Retention of Performance Insights in days. AWS charges for more than 7. */
  readonly performanceInsightsRetentionDays: number;
  /** Interval of Enhanced Monitoring in seconds. AWS charges for its logs. */
  readonly monitoringIntervalSeconds: number;
}

/** The instances of a cluster, each pinned to its zone, with enhanced monitoring and Performance Insights. */
export class Instances extends Construct {
  readonly all: readonly RdsClusterInstance[];
  readonly monitoringRoleArn: string;

  constructor(scope: Construct, id: string, props: InstancesProps) {
    super(scope, id);
    const role = new IamRole(this, "monitoring-role", {
      name: props.names.of("iam_role", "rds-monitoring"),
      description: "Enhanced monitoring of the database instances",
      assumeRolePolicy: trust("monitoring.rds.amazonaws.com", props.accountId),
    });
    const permission = new IamRolePolicyAttachment(this, "monitoring-permissions", {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    });
    this.monitoringRoleArn = role.arn;
    // The last place, which is promoted last, is changed first. The first place is the writer unless a failover has changed that.
    const lastFirst: RdsClusterInstance[] = [];
    for (const place of [...props.places].reverse()) lastFirst.push(this.instance(place, props, permission, lastFirst.at(-1)));
    this.all = lastFirst.reverse();
  }

  private instance(
    { name, zone, tier, maintenanceWindow }: Placement,
    props: InstancesProps,
    monitored: IamRolePolicyAttachment,
    changedBefore: RdsClusterInstance | undefined,
  ): RdsClusterInstance {
    const { cluster, applyImmediately } = props;
    const instance = new RdsClusterInstance(this, name, {
      // Named after its zone: Aurora decides which instance is the writer, and the writer changes.
      identifier: props.names.of("rds_cluster_instance", name),
      clusterIdentifier: cluster.id,
      engine: props.engine.kind,
      engineVersion: cluster.engineVersion,
      instanceClass: props.instanceClass,
      availabilityZone: zone,
      promotionTier: tier,
      applyImmediately,
      preferredMaintenanceWindow: maintenanceWindow,
      dbSubnetGroupName: cluster.dbSubnetGroupName,
      dbParameterGroupName: props.parameterGroupName,
      publiclyAccessible: false,
      autoMinorVersionUpgrade: false,
      copyTagsToSnapshot: true,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: props.keyArn,
      performanceInsightsRetentionPeriod: props.performanceInsightsRetentionDays,
      monitoringInterval: props.monitoringIntervalSeconds,
      monitoringRoleArn: this.monitoringRoleArn,
      // Without the order, all instances would restart at the same time. The maintenance windows have an order of their own.
      dependsOn: [monitored, ...(applyImmediately && changedBefore ? [changedBefore] : [])],
    });
    instance.overrideLogicalId(`aurora_${name}`);
    return instance;
  }
}
