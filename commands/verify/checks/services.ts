import { DescribeClustersCommand, DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { type Check, checkResource, compareSets, differences } from "../check";
import type { LiveRegion } from "../live-region";
import { checkServices } from "./desired-services";

export const SERVICES: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every deployment keeps all tasks running, and rolls back when it fails",
    requirementIds: ["S000-2.3", "S000-C6", "S003-C4"],
    violations: (live) =>
      checkServices(live, ({ deploymentConfiguration: deployment }) =>
        differences({
          "minimum healthy percent": [deployment?.minimumHealthyPercent, 100],
          "maximum percent": [deployment?.maximumPercent, 200],
          "circuit breaker": [deployment?.deploymentCircuitBreaker?.enable, true],
          rollback: [deployment?.deploymentCircuitBreaker?.rollback, true],
        }),
      ),
  },
  {
    requirement: "Every service uses the application subnet of every Availability Zone, with Availability Zone rebalancing",
    requirementIds: [
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
    violations: async (live) => {
      const subnets = await live.subnetsOf("application");
      return checkServices(live, ({ availabilityZoneRebalancing, networkConfiguration }) => [
        ...differences({ "Availability Zone rebalancing": [availabilityZoneRebalancing, "ENABLED"] }),
        ...compareSets(
          networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
          subnets.map(({ SubnetId = "" }) => SubnetId),
          { missing: "is an application subnet that it does not use", extra: "is not an application subnet" },
        ),
      ]);
    },
  },
  {
    requirement: "No task has a public IP address",
    requirementIds: ["S000-T9", "S002-S4", "S003-9.6", "S004-2.5", "S004-C7"],
    violations: (live) =>
      checkServices(live, ({ networkConfiguration }) =>
        differences({ "public IP address": [networkConfiguration?.awsvpcConfiguration?.assignPublicIp, "DISABLED"] }),
      ),
  },
  {
    requirement: "Every container has a health check, and the configured user and root file system access",
    requirementIds: ["S000-4.3", "S002-C10", "S003-3.6", "S004-2.3", "S004-C7"],
    violations: (live) =>
      checkServices(live, async ({ taskDefinition: arn }, { container, service }) => {
        const { taskDefinition } = await live.own.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
        const found = taskDefinition?.containerDefinitions?.find(({ name }) => name === container);
        return [
          ...(found?.healthCheck?.command?.length ? [] : [`${container} has no health check`]),
          ...differences({
            user: [found?.user, service.user],
            "read-only root file system": [found?.readonlyRootFilesystem, service.readonlyRootFilesystem],
          }),
        ];
      }),
  },
  {
    requirement: "Every service is registered with the configured service discovery",
    requirementIds: ["S003-3.5"],
    appliesTo: ({ config }) => config.discovery !== "none",
    violations: (live) =>
      checkServices(live, ({ serviceRegistries = [], deployments = [] }) => {
        if (live.config.discovery === "dns") return serviceRegistries.length > 0 ? [] : ["is not registered in Cloud Map"];
        return deployments.every(({ serviceConnectConfiguration }) => serviceConnectConfiguration?.enabled === true)
          ? []
          : ["does not use Service Connect"];
      }),
  },
  {
    requirement: "The ECS cluster uses Fargate and Container Insights, and encrypts ephemeral storage with its own key",
    requirementIds: ["S000-T3", "S000-T8", "S000-T16", "S002-T3", "S002-C9", "S003-T4", "S004-2.2", "S004-T11", "S004-P6", "S004-C6"],
    violations: (live) => {
      const name = live.ownNames.of("ecs_cluster");
      return checkResource(name, async () => {
        const { clusters: [cluster] = [] } = await live.own.ecs.send(
          new DescribeClustersCommand({ clusters: [name], include: ["SETTINGS", "CONFIGURATIONS"] }),
        );
        const { capacityProviders = [], settings = [], configuration } = cluster ?? {};
        const key = configuration?.managedStorageConfiguration?.fargateEphemeralStorageKmsKeyId ?? "none";
        return [
          ...compareSets(capacityProviders, ["FARGATE", "FARGATE_SPOT"], { missing: "is missing", extra: "is not configured" }),
          ...differences({
            status: [cluster?.status, "ACTIVE"],
            "Container Insights": [settings.find(({ name: setting }) => setting === "containerInsights")?.value, "enhanced"],
          }),
          ...((await live.key("task-storage")).endsWith(key) ? [] : [`the key of ephemeral storage is ${key}`]),
        ];
      });
    },
  },
];
