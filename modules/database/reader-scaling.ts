import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface ReaderScalingProps {
  /** Identifier of the Aurora cluster. */
  readonly clusterIdentifier: string;
  /** Name of the policy. */
  readonly name: string;
  /** Readers that Terraform creates. Scaling never removes them. */
  readonly minReaders: number;
  /** Maximum number of readers, 1–15. */
  readonly maxReaders: number;
  /** Target value of the average CPU utilization of the readers, in percent. */
  readonly cpuPercent: number;
  /** The instances, which must exist before the scaling. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Adds readers while the load is high. These readers are not in the state: before a destroy, remove the scaling and delete
 * them, or the cluster cannot be deleted.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html
 */
export class ReaderScaling extends Construct {
  constructor(scope: Construct, id: string, { clusterIdentifier, name, minReaders, maxReaders, cpuPercent, after }: ReaderScalingProps) {
    super(scope, id);
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "rds",
      scalableDimension: "rds:cluster:ReadReplicaCount",
      resourceId: `cluster:${clusterIdentifier}`,
      minCapacity: minReaders,
      maxCapacity: maxReaders,
      dependsOn: [...after],
    });
    new AppautoscalingPolicy(this, "policy", {
      name,
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "RDSReaderAverageCPUUtilization" },
        targetValue: cpuPercent,
        scaleInCooldown: 300,
        scaleOutCooldown: 300,
      },
    });
  }
}
