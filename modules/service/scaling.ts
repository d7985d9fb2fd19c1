import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Construct } from "constructs";
import { type Names, qualified } from "../../config/naming";
import type { TaskRange } from "../../config/capacity";

export interface ScalingProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Distinguishes the names of its policies from those of other services: `ledger`. Empty for the primary service. */
  readonly qualifier: string;
  /** The ECS service that is scaled. */
  readonly service: EcsService;
  /** Name of the ECS cluster. */
  readonly clusterName: string;
  /** Range of the number of tasks. With equal bounds, there is no scaling policy. */
  readonly tasks: TaskRange;
  /** Whether a runbook changes the range, so that an apply must not revert it. */
  readonly changedByRunbook: boolean;
  /** Target values, cooldowns and scheduled changes. */
  readonly targets: ScalingTargets;
  /** Load balancer and target group: `<ARN suffix of the load balancer>/<ARN suffix of the target group>`. @default - no requests from a load balancer */
  readonly requestLabel?: string | undefined;
}

export interface ScalingTargets {
  /** Target values of the average CPU and memory utilization of all tasks, in percent. */
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  /** Target value of requests per task and minute. @default - no scaling on requests */
  readonly requestsPerTask?: number | undefined;
  /** Cooldown after a scaling activity. */
  readonly scaleOutSeconds: number;
  readonly scaleInSeconds: number;
  /** Scheduled changes of the range. */
  readonly schedule: readonly { readonly name: string; readonly at: string; readonly min: number; readonly max: number }[];
  readonly timeZone: string;
}

/** Whether the number of tasks scales with the load. */
export function elastic(tasks: TaskRange): boolean {
  return tasks.max > tasks.min;
}

/**
 * Application Auto Scaling. With equal bounds there is no policy, and so no scaling activity: a number of tasks that an operator changes
 * stays until the next apply. The alarm `running-tasks-low` reports a number that is too low.
 */
export class Scaling extends Construct {
  constructor(scope: Construct, id: string, props: ScalingProps) {
    super(scope, id);
    const { names, service, tasks, changedByRunbook, targets } = props;
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${props.clusterName}/${service.nameInput}`,
      minCapacity: tasks.min,
      maxCapacity: tasks.max,
      // A schedule or a takeover changes the range. An apply must not revert it: not to the range of another time of the day,
      // and not to the range of a standby while the region is the primary.
      ...((changedByRunbook || targets.schedule.length > 0) && { lifecycle: { ignoreChanges: ["min_capacity", "max_capacity"] } }),
      dependsOn: [service],
    });
    if (!elastic(tasks)) return;
    const { serviceNamespace, scalableDimension, resourceId } = target;
    const named = (word: string): string => qualified(props.qualifier, word);
    const track = (word: string, predefinedMetricType: string, targetValue: number, resourceLabel?: string) =>
      new AppautoscalingPolicy(this, `on-${word}`, {
        name: names.of("appautoscaling_policy", named(word)),
        policyType: "TargetTrackingScaling",
        serviceNamespace,
        scalableDimension,
        resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType, ...(resourceLabel !== undefined && { resourceLabel }) },
          targetValue,
          scaleOutCooldown: targets.scaleOutSeconds,
          scaleInCooldown: targets.scaleInSeconds,
        },
      });
    // Scale-out follows any policy, scale-in requires all of them.
    track("cpu", "ECSServiceAverageCPUUtilization", targets.cpuPercent);
    track("memory", "ECSServiceAverageMemoryUtilization", targets.memoryPercent);
    if (targets.requestsPerTask !== undefined && props.requestLabel !== undefined)
      track("requests", "ALBRequestCountPerTarget", targets.requestsPerTask, props.requestLabel);
    for (const { name, at, min, max } of targets.schedule)
      new AppautoscalingScheduledAction(this, `at-${name}`, {
        name: names.of("appautoscaling_scheduled_action", named(name)),
        serviceNamespace,
        scalableDimension,
        resourceId,
        schedule: at,
        timezone: targets.timeZone,
        scalableTargetAction: { minCapacity: String(min), maxCapacity: String(max) },
      });
  }
}
