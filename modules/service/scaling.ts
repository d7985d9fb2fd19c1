import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Construct } from "constructs";
import { type Names, qualified } from "../../config/naming";
import type { TaskRange } from "../../config/capacity";

export interface ScalingProps {
  readonly names: Names;
  /** Tells the names of its policies apart from those of other services: `ledger`; nothing for the primary service. */
  readonly qualifier: string;
  readonly service: EcsService;
  readonly clusterName: string;
  readonly tasks: TaskRange;
  /** Whether a runbook changes the range, and an apply must leave it. */
  readonly changedByRunbook: boolean;
  readonly follow: ScalingTargets;
  /** Load balancer and target group, as `<load balancer's suffix>/<target group's suffix>`, where it gets requests from one. */
  readonly requestLabel?: string | undefined;
}

export interface ScalingTargets {
  /** Average load of all tasks to keep to, in percent of processor time and memory. */
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  /** Requests that each task gets in a minute. @default - the number of requests is not followed */
  readonly requestsPerTask?: number | undefined;
  /** Seconds of rest after a step. */
  readonly scaleOutSeconds: number;
  readonly scaleInSeconds: number;
  /** Other ranges from certain times on. */
  readonly schedule: readonly { readonly name: string; readonly at: string; readonly min: number; readonly max: number }[];
  readonly timeZone: string;
}

/** Whether the number of tasks follows the load. */
export function elastic(tasks: TaskRange): boolean {
  return tasks.max > tasks.min;
}

/** Application Auto Scaling: with both ends equal, whatever changes the number of tasks is undone. */
export class Scaling extends Construct {
  constructor(scope: Construct, id: string, props: ScalingProps) {
    super(scope, id);
    const { names, service, tasks, changedByRunbook, follow } = props;
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${props.clusterName}/${service.nameInput}`,
      minCapacity: tasks.min,
      maxCapacity: tasks.max,
      // A schedule changes the range, and so does taking over: an apply at noon must not bring back the night's, nor an
      // apply of a standby that serves take its tasks away.
      ...((changedByRunbook || follow.schedule.length > 0) && { lifecycle: { ignoreChanges: ["min_capacity", "max_capacity"] } }),
      dependsOn: [service],
    });
    if (!elastic(tasks)) return;
    const { serviceNamespace, scalableDimension, resourceId } = target;
    const named = (word: string): string => qualified(props.qualifier, word);
    const on = (word: string, predefinedMetricType: string, targetValue: number, resourceLabel?: string) =>
      new AppautoscalingPolicy(this, `on-${word}`, {
        name: names.of("appautoscaling_policy", named(word)),
        policyType: "TargetTrackingScaling",
        serviceNamespace,
        scalableDimension,
        resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType, ...(resourceLabel !== undefined && { resourceLabel }) },
          targetValue,
          scaleOutCooldown: follow.scaleOutSeconds,
          scaleInCooldown: follow.scaleInSeconds,
        },
      });
    // Each is enough to add tasks; all must agree to remove some.
    on("cpu", "ECSServiceAverageCPUUtilization", follow.cpuPercent);
    on("memory", "ECSServiceAverageMemoryUtilization", follow.memoryPercent);
    if (follow.requestsPerTask !== undefined && props.requestLabel !== undefined)
      on("requests", "ALBRequestCountPerTarget", follow.requestsPerTask, props.requestLabel);
    for (const { name, at, min, max } of follow.schedule)
      new AppautoscalingScheduledAction(this, `at-${name}`, {
        name: names.of("appautoscaling_scheduled_action", named(name)),
        serviceNamespace,
        scalableDimension,
        resourceId,
        schedule: at,
        timezone: follow.timeZone,
        scalableTargetAction: { minCapacity: String(min), maxCapacity: String(max) },
      });
  }
}
