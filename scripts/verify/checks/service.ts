import {
  DescribeScalableTargetsCommand,
  paginateDescribeScalingPolicies,
  type ScalableTarget,
  type ScalingPolicy,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeClustersCommand, DescribeTaskDefinitionCommand, type Service } from "@aws-sdk/client-ecs";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { RegionalService } from "../../../config/capacity";
import { type Check, compared, differences, of, ofEach } from "../check";
import type { LiveRegion } from "../live";

/** A service as it is meant to be. */
interface Meant {
  /** As people name it, and as it stands in the container. */
  readonly container: string;
  readonly name: string;
  readonly service: Pick<RegionalService, "scaling" | "user" | "readonlyRootFilesystem">;
  /** Tasks at least and at most, at any time of the day. */
  readonly least: number;
  readonly most: number;
  readonly exact: boolean;
}

const runs = (live: LiveRegion): boolean => meant(live).some(({ least }) => least > 0);

export const SERVICE: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every service runs as many tasks as it must, of its newest release",
    lines: [
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
    faults: (live) =>
      eachService(live, ({ runningCount = 0, deployments = [] }, { least, most, exact }) => [
        ...(runningCount < least ? [`runs ${runningCount} tasks, not ${least}`] : []),
        ...(runningCount > most ? [`runs ${runningCount} tasks, ${exact ? "not" : "more than"} ${most}`] : []),
        ...deployments
          .filter(({ rolloutState }) => rolloutState !== "COMPLETED")
          .map(({ id, rolloutState, rolloutStateReason }) => `deployment ${id} is ${rolloutState}: ${rolloutStateReason}`),
      ]),
  },
  {
    requirement: "Every service keeps its number of tasks, or scales between the least and the most that are configured",
    lines: ["S000-4.1", "S000-C5", "S000-D6", "S002-2.2", "S002-D3", "S003-3.4", "S003-8.1", "S003-8.2", "S003-C2", "S003-S8", "S003-D14"],
    faults: async (live) => {
      const { ScalableTargets = [] } = await live.own.scaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: meant(live).map(({ name }) => scaled(live, name)) }),
      );
      return meant(live).flatMap((service) => {
        const target = ScalableTargets.find(({ ResourceId }) => ResourceId === scaled(live, service.name));
        return (target ? range(target, service) : ["has no range"]).map((fault) => `${service.name}: ${fault}`);
      });
    },
  },
  {
    requirement: "Every elastic service follows the load of processor and memory, with the rests that are configured",
    lines: ["S002-2.2", "S003-8.1", "S003-8.3", "S003-8.4", "S003-8.5", "S003-D14"],
    asked: (live) => meant(live).some(({ exact }) => !exact),
    faults: async (live) => {
      const policies: ScalingPolicy[] = [];
      for await (const page of paginateDescribeScalingPolicies({ client: live.own.scaling }, { ServiceNamespace: "ecs" }))
        policies.push(...(page.ScalingPolicies ?? []));
      return meant(live)
        .filter(({ exact }) => !exact)
        .flatMap(({ name, service }) => {
          const own = policies.filter(({ ResourceId }) => ResourceId === scaled(live, name));
          return followed(own, service.scaling).map((fault) => `${name}: ${fault}`);
        });
    },
  },
  {
    requirement: "Every deployment keeps all tasks running, and is rolled back when it fails",
    lines: ["S000-2.3", "S000-C6", "S003-C4"],
    faults: (live) =>
      eachService(live, ({ deploymentConfiguration: deployment }) =>
        differences({
          "minimum healthy percent": [deployment?.minimumHealthyPercent, 100],
          "maximum percent": [deployment?.maximumPercent, 200],
          "circuit breaker": [deployment?.deploymentCircuitBreaker?.enable, true],
          rollback: [deployment?.deploymentCircuitBreaker?.rollback, true],
        }),
      ),
  },
  {
    requirement: "Every service may stand in every zone, and is spread again once a lost zone is back",
    lines: [
      "S000-G1",
      "S000-2.2",
      "S000-4.2",
      "S000-C4",
      "S000-S1",
      "S000-D3",
      "S002-G2",
      "S002-C11",
      "S002-S7",
      "S003-G1",
      "S003-G3",
      "S003-3.2",
      "S003-C2",
      "S003-D6",
      "S004-G2",
      "S004-2.1",
      "S004-D3",
    ],
    faults: async (live) => {
      const subnets = await live.subnetsOf("application");
      return eachService(live, ({ availabilityZoneRebalancing, networkConfiguration }) => [
        ...differences({ "rebalancing of zones": [availabilityZoneRebalancing, "ENABLED"] }),
        ...compared(
          networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
          subnets.map(({ SubnetId = "" }) => SubnetId),
          { missing: "is an application subnet that it does not use", extra: "is no application subnet" },
        ),
      ]);
    },
  },
  {
    requirement: "Each zone has its share of every service's healthy tasks",
    lines: [
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
    asked: runs,
    faults: (live) =>
      eachService(live, async ({ loadBalancers = [] }, { least }) =>
        ofEach(loadBalancers, async ({ targetGroupArn }) => {
          const { TargetHealthDescriptions = [] } = await live.own.elb.send(
            new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
          );
          const healthy = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy");
          const zones = await Promise.all(healthy.map(({ Target }) => live.zoneOf(Target?.Id ?? "")));
          const share = Math.floor(least / live.zones.length);
          return live.zones
            .map((zone) => ({ zone, there: zones.filter((of) => of === zone).length }))
            .filter(({ there }) => there < share)
            .map(({ zone, there }) => `${there} healthy tasks in ${zone}, fewer than ${share}`);
        }),
      ),
  },
  {
    requirement: "No task has a public address",
    lines: ["S000-T9", "S002-S4", "S003-9.6", "S004-2.5", "S004-C7"],
    faults: (live) =>
      eachService(live, ({ networkConfiguration }) =>
        differences({ "public address": [networkConfiguration?.awsvpcConfiguration?.assignPublicIp, "DISABLED"] }),
      ),
  },
  {
    requirement: "Every container is checked from within, runs without root, and writes as little as configured",
    lines: ["S000-4.3", "S002-C10", "S003-3.6", "S004-2.3", "S004-C7"],
    faults: (live) =>
      eachService(live, async ({ taskDefinition: arn }, { container, service }) => {
        const { taskDefinition } = await live.own.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
        const found = taskDefinition?.containerDefinitions?.find(({ name }) => name === container);
        return [
          ...(found?.healthCheck?.command?.length ? [] : [`${container} has no health check`]),
          ...differences({
            user: [found?.user, service.user],
            "read-only file system": [found?.readonlyRootFilesystem, service.readonlyRootFilesystem],
          }),
        ];
      }),
  },
  {
    requirement: "Services find each other by their private names",
    lines: ["S003-3.5"],
    asked: ({ config }) => config.discovery !== "none",
    faults: (live) =>
      eachService(live, ({ serviceRegistries = [], deployments = [] }) => {
        if (live.config.discovery === "dns") return serviceRegistries.length > 0 ? [] : ["is not registered in Cloud Map"];
        return deployments.every(({ serviceConnectConfiguration }) => serviceConnectConfiguration?.enabled === true)
          ? []
          : ["does not use Service Connect"];
      }),
  },
  {
    requirement: "The cluster runs on Fargate, is measured by Container Insights, and encrypts what tasks write under a key of its own",
    lines: ["S000-T3", "S000-T8", "S000-T16", "S002-T3", "S002-C9", "S003-T4", "S004-2.2", "S004-T11", "S004-P6", "S004-C6"],
    faults: (live) => {
      const name = live.ownNames.of("ecs_cluster");
      return of(name, async () => {
        const { clusters: [cluster] = [] } = await live.own.ecs.send(
          new DescribeClustersCommand({ clusters: [name], include: ["SETTINGS", "CONFIGURATIONS"] }),
        );
        const { capacityProviders = [], settings = [], configuration } = cluster ?? {};
        const key = configuration?.managedStorageConfiguration?.fargateEphemeralStorageKmsKeyId ?? "none";
        return [
          ...compared(capacityProviders, ["FARGATE", "FARGATE_SPOT"], { missing: "is missing", extra: "is not meant to be" }),
          ...differences({
            status: [cluster?.status, "ACTIVE"],
            "Container Insights": [settings.find(({ name: setting }) => setting === "containerInsights")?.value, "enhanced"],
          }),
          ...((await live.key("task-storage")).endsWith(key) ? [] : [`the key of what tasks write is ${key}`]),
        ];
      });
    },
  },
];

function meant(live: LiveRegion): Meant[] {
  return live.capacity.services.map((service) => {
    const { name, qualifier, tasks, tasksAsPrimary, scaling } = service;
    // A takeover gives a standby the numbers of a primary.
    const ranges = [tasks, ...scaling.schedule, tasksAsPrimary];
    const least = Math.min(tasks.min, ...scaling.schedule.map(({ min }) => min));
    const most = Math.max(...ranges.map(({ max }) => max));
    return { container: name, name: live.ownNames.of("ecs_service", qualifier), service, least, most, exact: least === most };
  });
}

/** What contradicts each service. One that does not exist, or was deleted, is a fault. */
async function eachService(
  live: LiveRegion,
  faults: (service: Service, meant: Meant) => readonly string[] | Promise<readonly string[]>,
): Promise<string[]> {
  const services = await live.services();
  return ofEach(meant(live), (wanted) =>
    of(wanted.name, async () => {
      const service = services.find(({ serviceName }) => serviceName === wanted.name);
      return service ? faults(service, wanted) : ["does not exist"];
    }),
  );
}

function scaled(live: LiveRegion, service: string): string {
  return `service/${live.ownNames.of("ecs_cluster")}/${service}`;
}

function range({ MinCapacity = 0, MaxCapacity = 0, SuspendedState = {} }: ScalableTarget, { least, most, exact }: Meant): string[] {
  const suspended = Object.values(SuspendedState).some((state) => state);
  const within = exact ? MinCapacity === least && MaxCapacity === most : MinCapacity >= least && MaxCapacity <= most;
  return [
    ...(within ? [] : [`ranges from ${MinCapacity} to ${MaxCapacity} tasks, not from ${least} to ${most}`]),
    ...(suspended ? ["its scaling is suspended"] : []),
  ];
}

function followed(policies: readonly ScalingPolicy[], scaling: RegionalService["scaling"]): string[] {
  const wanted = { ECSServiceAverageCPUUtilization: scaling.cpuPercent, ECSServiceAverageMemoryUtilization: scaling.memoryPercent };
  return Object.entries(wanted).flatMap(([metric, percent]) => {
    const tracking = policies
      .map(({ TargetTrackingScalingPolicyConfiguration: configuration }) => configuration)
      .find((configuration) => configuration?.PredefinedMetricSpecification?.PredefinedMetricType === metric);
    if (!tracking) return [`does not follow ${metric}`];
    return differences({
      [`target of ${metric}`]: [tracking.TargetValue, percent],
      "rest after scaling out": [tracking.ScaleOutCooldown, scaling.scaleOutSeconds],
      "rest after scaling in": [tracking.ScaleInCooldown, scaling.scaleInSeconds],
    });
  });
}
