import {
  DescribeScalableTargetsCommand,
  paginateDescribeScalingPolicies,
  type ScalableTarget,
  type ScalingPolicy,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { RegionalService } from "../../../config/capacity";
import { type Check, checkEach, differences } from "../check";
import type { LiveRegion } from "../live-region";
import { checkServices, type DesiredService, desiredServices } from "./desired-services";

export const TASKS: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every service runs the configured number of tasks, and its deployments are complete",
    requirementIds: [
      "S000-G1",
      "S000-G3",
      "S000-2.1",
      "S000-4.1",
      "S000-4.3",
      "S000-T3",
      "S000-C5",
      "S000-S3",
      "S000-D3",
      "S002-2.1",
      "S002-T3",
      "S002-D3",
      "S003-3.1",
      "S003-3.4",
      "S003-8.2",
      "S003-T4",
      "S003-D6",
      "S004-2.1",
      "S004-2.2",
      "S004-P6",
      "S004-D3",
    ],
    violations: (live) =>
      checkServices(live, ({ runningCount = 0, deployments = [] }, { least, most, exact }) => [
        ...(runningCount < least ? [`runs ${runningCount} tasks, not ${least}`] : []),
        ...(runningCount > most ? [`runs ${runningCount} tasks, ${exact ? "not" : "more than"} ${most}`] : []),
        ...deployments
          .filter(({ rolloutState }) => rolloutState !== "COMPLETED")
          .map(({ id, rolloutState, rolloutStateReason }) => `deployment ${id} is ${rolloutState}: ${rolloutStateReason}`),
      ]),
  },
  {
    requirement: "Every service has the configured minimum and maximum number of tasks",
    requirementIds: [
      "S000-4.1",
      "S000-C5",
      "S000-D6",
      "S002-2.2",
      "S002-D3",
      "S003-3.4",
      "S003-8.1",
      "S003-8.2",
      "S003-C2",
      "S003-S8",
      "S003-D14",
    ],
    violations: async (live) => {
      const { ScalableTargets = [] } = await live.own.scaling.send(
        new DescribeScalableTargetsCommand({
          ServiceNamespace: "ecs",
          ResourceIds: desiredServices(live).map(({ name }) => scalableId(live, name)),
        }),
      );
      return desiredServices(live).flatMap((service) => {
        const target = ScalableTargets.find(({ ResourceId }) => ResourceId === scalableId(live, service.name));
        return (target ? rangeViolations(target, service) : ["is not a scalable target"]).map(
          (violation) => `${service.name}: ${violation}`,
        );
      });
    },
  },
  {
    requirement: "Every service that scales tracks CPU and memory utilization, with the configured targets and cooldowns",
    requirementIds: ["S002-2.2", "S003-8.1", "S003-8.3", "S003-8.4", "S003-8.5", "S003-D14"],
    appliesTo: (live) => desiredServices(live).some(({ scales }) => scales),
    violations: async (live) => {
      const policies: ScalingPolicy[] = [];
      for await (const page of paginateDescribeScalingPolicies({ client: live.own.scaling }, { ServiceNamespace: "ecs" }))
        policies.push(...(page.ScalingPolicies ?? []));
      return desiredServices(live)
        .filter(({ scales }) => scales)
        .flatMap(({ name, service }) => {
          const own = policies.filter(({ ResourceId }) => ResourceId === scalableId(live, name));
          return policyViolations(own, service.scaling).map((violation) => `${name}: ${violation}`);
        });
    },
  },
  {
    requirement: "Each Availability Zone has its share of every service's healthy tasks",
    requirementIds: [
      "S000-2.2",
      "S000-C4",
      "S000-D3",
      "S002-2.3",
      "S002-D4",
      "S003-3.2",
      "S003-3.3",
      "S003-8.2",
      "S003-C7",
      "S003-S8",
      "S004-2.1",
      "S004-S2",
      "S004-D3",
    ],
    appliesTo: (live) => desiredServices(live).some(({ least }) => least > 0),
    violations: (live) =>
      checkServices(live, async ({ loadBalancers = [] }, { least }) =>
        checkEach(loadBalancers, async ({ targetGroupArn }) => {
          const { TargetHealthDescriptions = [] } = await live.own.elb.send(
            new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
          );
          const healthy = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy");
          const zones = await Promise.all(healthy.map(({ Target }) => live.zoneOf(Target?.Id ?? "")));
          const share = Math.floor(least / live.zones.length);
          return live.zones
            .map((zone) => ({ zone, there: zones.filter((found) => found === zone).length }))
            .filter(({ there }) => there < share)
            .map(({ zone, there }) => `${there} healthy tasks in ${zone}, fewer than ${share}`);
        }),
      ),
  },
];

function scalableId(live: LiveRegion, service: string): string {
  return `service/${live.ownNames.of("ecs_cluster")}/${service}`;
}

function rangeViolations(
  { MinCapacity = 0, MaxCapacity = 0, SuspendedState = {} }: ScalableTarget,
  { least, most, exact }: DesiredService,
): string[] {
  const suspended = Object.values(SuspendedState).some((state) => state);
  const within = exact ? MinCapacity === least && MaxCapacity === most : MinCapacity >= least && MaxCapacity <= most;
  return [
    ...(within ? [] : [`scales from ${MinCapacity} to ${MaxCapacity} tasks, not from ${least} to ${most}`]),
    ...(suspended ? ["scaling is suspended"] : []),
  ];
}

function policyViolations(policies: readonly ScalingPolicy[], scaling: RegionalService["scaling"]): string[] {
  const desired = { ECSServiceAverageCPUUtilization: scaling.cpuPercent, ECSServiceAverageMemoryUtilization: scaling.memoryPercent };
  return Object.entries(desired).flatMap(([metric, percent]) => {
    const tracking = policies
      .map(({ TargetTrackingScalingPolicyConfiguration: configuration }) => configuration)
      .find((configuration) => configuration?.PredefinedMetricSpecification?.PredefinedMetricType === metric);
    if (!tracking) return [`has no policy that tracks ${metric}`];
    return differences({
      [`target of ${metric}`]: [tracking.TargetValue, percent],
      "scale-out cooldown": [tracking.ScaleOutCooldown, scaling.scaleOutSeconds],
      "scale-in cooldown": [tracking.ScaleInCooldown, scaling.scaleInSeconds],
    });
  });
}
