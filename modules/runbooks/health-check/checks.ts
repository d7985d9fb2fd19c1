import type { EcsService } from "../service-states";
import { type State, text } from "../states";
import { call } from "../tasks";

/** What is checked. */
export interface HealthCheckTargets {
  /** Services of the region, and the minimum of running tasks of each. */
  readonly services: readonly (EcsService & { readonly tasks: number })[];
  /** Target groups of the load balancer, and the minimum of registered targets of each. No target may be unhealthy. */
  readonly targetGroups: readonly { readonly name: string; readonly arn: string; readonly tasks: number }[];
  /** Parameter in Systems Manager with the identifier of the live cluster, and the minimum of its instances. */
  readonly database: { readonly parameter: string; readonly instances: number };
  readonly cache: { readonly replicationGroup: string } | undefined;
}

/** The check of one part of the region. */
export interface Check {
  /** The part, as in the names of the states: `Database`. */
  readonly name: string;
  /** The part, as in messages: `Database`. */
  readonly label: string;
  /** States that read the condition of the part; the first is the start. The last continues at `Is<Name>Healthy`, errors at `<Name>Unreachable`. */
  readonly states: Readonly<Record<string, State>>;
  /** The comparison that is true when the part is healthy. */
  readonly condition: object;
  /** The message when it is not. */
  readonly message: string;
}

export function serviceCheck({ cluster, name: service, tasks }: HealthCheckTargets["services"][number], index: number): Check {
  const name = `Service${index + 1}`;
  return {
    name,
    label: `Service ${service}`,
    states: {
      [`Describe${name}`]: call(
        "ecs",
        "describeServices",
        { Cluster: cluster, Services: [service] },
        {
          result: {
            ResultSelector: { "running.$": "$.Services[0].RunningCount", "desired.$": "$.Services[0].DesiredCount" },
            ResultPath: "$.service",
          },
          next: `Is${name}Healthy`,
          catchers: [{ next: `${name}Unreachable` }],
        },
      ),
    },
    condition: { Variable: "$.service.running", NumericGreaterThanEquals: tasks },
    message: text(`The service ${service} runs {} of {} desired tasks; the minimum is ${tasks}.`, "$.service.running", "$.service.desired"),
  };
}

export function targetGroupCheck({ name: service, arn, tasks }: HealthCheckTargets["targetGroups"][number], index: number): Check {
  const name = `TargetGroup${index + 1}`;
  return {
    name,
    label: `Target group of ${service}`,
    states: {
      [`Describe${name}`]: call(
        "elasticloadbalancingv2",
        "describeTargetHealth",
        { TargetGroupArn: arn },
        {
          result: {
            ResultSelector: { "found.$": "$.TargetHealthDescriptions" },
            ResultPath: "$.targets",
          },
          next: `Has${name}Targets`,
          catchers: [{ next: `${name}Unreachable` }],
        },
      ),
      [`Has${name}Targets`]: {
        Type: "Choice",
        Choices: [{ Variable: "$.targets.found[0]", IsPresent: true, Next: `Count${name}Targets` }],
        Default: `No${name}Targets`,
      },
      [`No${name}Targets`]: { Type: "Pass", Parameters: { count: 0, unhealthy: false }, ResultPath: "$.targets", Next: `Is${name}Healthy` },
      [`Count${name}Targets`]: {
        Type: "Pass",
        Parameters: {
          "count.$": "States.ArrayLength($.targets.found)",
          "unhealthy.$": "States.ArrayContains($.targets.found[*].TargetHealth.State, 'unhealthy')",
        },
        ResultPath: "$.targets",
        Next: `Is${name}Healthy`,
      },
    },
    condition: {
      And: [
        { Variable: "$.targets.count", NumericGreaterThanEquals: tasks },
        { Variable: "$.targets.unhealthy", BooleanEquals: false },
      ],
    },
    message: text(
      `The target group of ${service} has {} targets; the minimum is ${tasks}. At least one target is unhealthy: {}.`,
      "$.targets.count",
      "$.targets.unhealthy",
    ),
  };
}

export function databaseCheck({ parameter, instances }: HealthCheckTargets["database"]): Check {
  return {
    name: "Database",
    label: "Database",
    states: {
      FindDatabase: call(
        "ssm",
        "getParameter",
        { Name: parameter },
        {
          result: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.live" },
          next: "DescribeDatabase",
          catchers: [{ next: "DatabaseUnreachable" }],
        },
      ),
      DescribeDatabase: call(
        "rds",
        "describeDBClusters",
        { "DbClusterIdentifier.$": "$.live.identifier" },
        {
          result: {
            ResultSelector: {
              "status.$": "$.DbClusters[0].Status",
              "encrypted.$": "$.DbClusters[0].StorageEncrypted",
              "members.$": "States.ArrayLength($.DbClusters[0].DbClusterMembers)",
            },
            ResultPath: "$.database",
          },
          next: "IsDatabaseHealthy",
          catchers: [{ next: "DatabaseUnreachable" }],
        },
      ),
    },
    condition: {
      And: [
        { Variable: "$.database.status", StringEquals: "available" },
        { Variable: "$.database.encrypted", BooleanEquals: true },
        { Variable: "$.database.members", NumericGreaterThanEquals: instances },
      ],
    },
    message: text(
      `The database {} is {} with {} instances; the minimum is ${instances}. Its storage is encrypted: {}.`,
      "$.live.identifier",
      "$.database.status",
      "$.database.members",
      "$.database.encrypted",
    ),
  };
}

export function cacheCheck({ replicationGroup }: NonNullable<HealthCheckTargets["cache"]>): Check {
  return {
    name: "Cache",
    label: "Cache",
    states: {
      DescribeCache: call(
        "elasticache",
        "describeReplicationGroups",
        { ReplicationGroupId: replicationGroup },
        {
          result: {
            ResultSelector: { "status.$": "$.ReplicationGroups[0].Status", "failover.$": "$.ReplicationGroups[0].AutomaticFailover" },
            ResultPath: "$.cache",
          },
          next: "IsCacheHealthy",
          catchers: [{ next: "CacheUnreachable" }],
        },
      ),
    },
    condition: {
      And: [
        { Variable: "$.cache.status", StringEquals: "available" },
        { Variable: "$.cache.failover", StringEquals: "enabled" },
      ],
    },
    message: text("The cache is {}; its automatic failover is {}.", "$.cache.status", "$.cache.failover"),
  };
}
