import { call, type Definition, FAIL, FAILURE, type State, tell, text } from "../states";

export interface CheckHealthProps {
  readonly topicArn: string;
  readonly region: string;
  /** Services of the region, and how many tasks each must run at least. */
  readonly services: readonly { readonly cluster: string; readonly name: string; readonly tasks: number }[];
  /** Groups that the load balancer sends to, and how many targets each must have at least, none of them unhealthy. */
  readonly targetGroups: readonly { readonly name: string; readonly arn: string; readonly tasks: number }[];
  /** Parameter in Systems Manager that tells which cluster is live, and how many instances it must have. */
  readonly database: { readonly parameter: string; readonly instances: number };
  readonly cache: { readonly replicationGroup: string } | undefined;
  /** Where the runbook for people is. */
  readonly runbookUrl: string;
}

/** One question, and the answer that is well. */
interface Check {
  /** In the names of the states: `Database`. */
  readonly what: string;
  /** States from the question on; the last goes to `IsWhatWell`. Errors go to `WhatSilent`. */
  readonly ask: Readonly<Record<string, State>>;
  readonly first: string;
  readonly well: object;
  /** What is said when it is not well. */
  readonly says: string;
}

/** Asks every part of a region whether it is as it should be. Changes nothing. */
export function checkHealth(props: CheckHealthProps): Definition {
  const { topicArn, region, runbookUrl } = props;
  const checks = [
    ...props.services.map(checkService),
    ...props.targetGroups.map(checkTargets),
    checkDatabase(props.database),
    ...checkCache(props.cache),
  ];
  return {
    Comment: "Asks every part of the region whether it is as it should be",
    StartAt: "TellStart",
    TimeoutSeconds: 900,
    States: {
      TellStart: tell(topicArn, "STARTED: health check", text(`INFO: the health of ${region} is being checked.`), "CheckAll"),
      CheckAll: {
        Type: "Parallel",
        Branches: checks.map(branch),
        ResultPath: "$.checks",
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: "TellFailure" }],
        Next: "IsAllWell",
      },
      IsAllWell: {
        Type: "Choice",
        Choices: [{ And: checks.map((_, index) => ({ Variable: `$.checks[${index}].well`, BooleanEquals: true })), Next: "TellDone" }],
        Default: "CollectIll",
      },
      CollectIll: {
        Type: "Pass",
        Parameters: { Error: "Health.NotWell", "Cause.$": "States.JsonToString($.checks[?(@.well==false)].says)" },
        ResultPath: FAILURE,
        Next: "TellFailure",
      },
      TellDone: tell(topicArn, "DONE: health check", text(`INFO: all ${checks.length} parts of ${region} are well.`), "Done"),
      Done: { Type: "Succeed" },
      TellFailure: tell(
        topicArn,
        "FAILED: health check",
        text(`CRITICAL: ${region} is not well: {} {} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

function branch({ what, ask, first, well, says }: Check): object {
  return {
    StartAt: first,
    States: {
      ...ask,
      [`Is${what}Well`]: { Type: "Choice", Choices: [{ ...well, Next: `${what}Well` }], Default: `${what}Ill` },
      [`${what}Well`]: { Type: "Pass", Parameters: { well: true }, End: true },
      [`${what}Ill`]: { Type: "Pass", Parameters: { well: false, "says.$": says }, End: true },
      [`${what}Silent`]: {
        Type: "Pass",
        Parameters: { well: false, "says.$": text(`${what} could not be asked: {} {}`, `${FAILURE}.Error`, `${FAILURE}.Cause`) },
        End: true,
      },
    },
  };
}

function checkService({ cluster, name, tasks }: CheckHealthProps["services"][number], index: number): Check {
  const what = `Service${index + 1}`;
  return {
    what,
    first: `Ask${what}`,
    ask: {
      [`Ask${what}`]: call(
        "ecs",
        "describeServices",
        { Cluster: cluster, Services: [name] },
        {
          keep: {
            ResultSelector: { "running.$": "$.Services[0].RunningCount", "desired.$": "$.Services[0].DesiredCount" },
            ResultPath: "$.service",
          },
          then: `Is${what}Well`,
          caught: [{ on: `${what}Silent` }],
        },
      ),
    },
    well: { Variable: "$.service.running", NumericGreaterThanEquals: tasks },
    says: text(`${name} runs {} tasks of {}; it needs ${tasks}.`, "$.service.running", "$.service.desired"),
  };
}

function checkTargets({ name, arn, tasks }: CheckHealthProps["targetGroups"][number], index: number): Check {
  const what = `Targets${index + 1}`;
  return {
    what,
    first: `Ask${what}`,
    ask: {
      [`Ask${what}`]: call(
        "elasticloadbalancingv2",
        "describeTargetHealth",
        { TargetGroupArn: arn },
        {
          keep: {
            ResultSelector: { "found.$": "$.TargetHealthDescriptions" },
            ResultPath: "$.targets",
          },
          then: `Has${what}`,
          caught: [{ on: `${what}Silent` }],
        },
      ),
      [`Has${what}`]: {
        Type: "Choice",
        Choices: [{ Variable: "$.targets.found[0]", IsPresent: true, Next: `Count${what}` }],
        Default: `No${what}`,
      },
      [`No${what}`]: { Type: "Pass", Parameters: { count: 0, unhealthy: false }, ResultPath: "$.targets", Next: `Is${what}Well` },
      [`Count${what}`]: {
        Type: "Pass",
        Parameters: {
          "count.$": "States.ArrayLength($.targets.found)",
          "unhealthy.$": "States.ArrayContains($.targets.found[*].TargetHealth.State, 'unhealthy')",
        },
        ResultPath: "$.targets",
        Next: `Is${what}Well`,
      },
    },
    well: {
      And: [
        { Variable: "$.targets.count", NumericGreaterThanEquals: tasks },
        { Variable: "$.targets.unhealthy", BooleanEquals: false },
      ],
    },
    says: text(
      `The load balancer knows {} tasks of ${name}, of ${tasks} that it needs; some of them are unhealthy: {}.`,
      "$.targets.count",
      "$.targets.unhealthy",
    ),
  };
}

function checkDatabase({ parameter, instances }: CheckHealthProps["database"]): Check {
  return {
    what: "Database",
    first: "FindDatabase",
    ask: {
      FindDatabase: call(
        "ssm",
        "getParameter",
        { Name: parameter },
        {
          keep: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.live" },
          then: "AskDatabase",
          caught: [{ on: "DatabaseSilent" }],
        },
      ),
      AskDatabase: call(
        "rds",
        "describeDBClusters",
        { "DbClusterIdentifier.$": "$.live.identifier" },
        {
          keep: {
            ResultSelector: {
              "status.$": "$.DbClusters[0].Status",
              "encrypted.$": "$.DbClusters[0].StorageEncrypted",
              "members.$": "States.ArrayLength($.DbClusters[0].DbClusterMembers)",
            },
            ResultPath: "$.database",
          },
          then: "IsDatabaseWell",
          caught: [{ on: "DatabaseSilent" }],
        },
      ),
    },
    well: {
      And: [
        { Variable: "$.database.status", StringEquals: "available" },
        { Variable: "$.database.encrypted", BooleanEquals: true },
        { Variable: "$.database.members", NumericGreaterThanEquals: instances },
      ],
    },
    says: text(
      `The database {} is {}, with {} instances; it needs ${instances}.`,
      "$.live.identifier",
      "$.database.status",
      "$.database.members",
    ),
  };
}

function checkCache(cache: CheckHealthProps["cache"]): Check[] {
  if (!cache) return [];
  return [
    {
      what: "Cache",
      first: "AskCache",
      ask: {
        AskCache: call(
          "elasticache",
          "describeReplicationGroups",
          { ReplicationGroupId: cache.replicationGroup },
          {
            keep: {
              ResultSelector: { "status.$": "$.ReplicationGroups[0].Status", "failover.$": "$.ReplicationGroups[0].AutomaticFailover" },
              ResultPath: "$.cache",
            },
            then: "IsCacheWell",
            caught: [{ on: "CacheSilent" }],
          },
        ),
      },
      well: {
        And: [
          { Variable: "$.cache.status", StringEquals: "available" },
          { Variable: "$.cache.failover", StringEquals: "enabled" },
        ],
      },
      says: text("The cache is {}, its automatic failover {}.", "$.cache.status", "$.cache.failover"),
    },
  ];
}
