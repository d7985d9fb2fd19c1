import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface ReaderScalingProps {
  readonly clusterIdentifier: string;
  /** Name of the policy. */
  readonly name: string;
  /** Readers that Terraform made; scaling never removes them. */
  readonly minReaders: number;
  /** Most readers, 1–15. */
  readonly maxReaders: number;
  /** Average processor load of the readers to keep to, in percent. */
  readonly cpuPercent: number;
  readonly after: readonly ITerraformDependable[];
}

/**
 * Adds readers while their load is high. They are not in the state: before a destroy, take `max_readers` back and wait
 * until they are gone, or the cluster cannot be deleted.
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
