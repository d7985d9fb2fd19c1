import { call, type Definition, END, FAIL, FAILURE, invoke, poll, refuse, type State, tell, text } from "./states";

export interface TakeOverProps {
  readonly topicArn: string;
  /** The region that takes over, in which this runbook runs. */
  readonly region: string;
  /** Every region of the platform, in the order in which DNS prefers them, with the parameter that holds its health check's id. */
  readonly regions: readonly { readonly name: string; readonly healthCheckParameter: string }[];
  readonly globalCluster: string;
  readonly cluster: { readonly identifier: string; readonly arn: string };
  /** Instance to make when the cluster has none: it could not be promoted. As the API takes it. @default - it has some */
  readonly instance?: Readonly<Record<string, unknown>> | undefined;
  /** Function that reaches beyond this region (`move-database`). */
  readonly functionArn: string;
  /** Alarm that rings while this region is too far behind. */
  readonly lagAlarm: string;
  /** Parameters that lead this region's tasks to the database, and the one that says whether they may write. */
  readonly parameters: { readonly writer: string; readonly reader: string; readonly identifier: string; readonly writes: string };
  /** Services, with how many tasks they have as a primary's. */
  readonly services: readonly { readonly cluster: string; readonly name: string; readonly min: number; readonly max: number }[];
  readonly runbookUrl: string;
}

const POLL_SECONDS = 15;
const INSTANCE_HOURS = 0.75;
const PROMOTION_HOURS = 1;
const TASKS_HOURS = 1;
const SUBJECT = "taking over";

/**
 * Makes this region the one that writes and serves. With both regions alive, `{ "mode": "switchover" }` loses nothing;
 * when the other is lost, `{ "mode": "failover", "allowDataLoss": true }` gives up what has not come over yet. The same
 * runbook leads back. Every step can be done twice: when it has failed, it is executed again.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
 */
export function takeOver(props: TakeOverProps): Definition {
  const { topicArn, region, runbookUrl } = props;
  return {
    Comment: `Makes ${region} the region that writes and serves`,
    StartAt: "IsModeGiven",
    TimeoutSeconds: (INSTANCE_HOURS + PROMOTION_HOURS + TASKS_HOURS + 1) * 3600,
    States: {
      ...begin(props),
      ...checkLag(props),
      ...giveInstance(props),
      ...freeze(props),
      TakeOver: {
        Type: "Parallel",
        Branches: [promote(props), scale()],
        ResultPath: "$.taken",
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: "AllowWritesThere" }],
        Next: "ListParameters",
      },
      ...settle(props),
      // What was done before the promotion is taken back, as far as it can be.
      AllowWritesThere: invoke(
        props.functionArn,
        { do: "set-writes", "region.$": "$.seen.primaryRegion", to: "allowed" },
        { then: "LeadClientsBack", caught: [{ on: "LeadClientsBack", as: "$.notAllowed" }] },
      ),
      LeadClientsBack: leadClients("back", "TellFailure", "TellFailure", "$.notLedBack"),
      TellFailure: tell(
        topicArn,
        `FAILED: ${SUBJECT}`,
        text(`CRITICAL: ${region} could not take over: {} {} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

/** Input, and how things stand. */
function begin(props: TakeOverProps): Record<string, State> {
  const { topicArn, region, functionArn, instance } = props;
  const is = (mode: string): object[] => [
    { Variable: "$.mode", IsPresent: true },
    { Variable: "$.mode", StringEquals: mode },
  ];
  return {
    IsModeGiven: {
      Type: "Choice",
      Choices: [
        { And: is("switchover"), Next: "Plan" },
        {
          And: [...is("failover"), { Variable: "$.allowDataLoss", IsPresent: true }, { Variable: "$.allowDataLoss", BooleanEquals: true }],
          Next: "Plan",
        },
      ],
      Default: "RefuseInput",
    },
    RefuseInput: refuse(
      "TakeOver.InputInvalid",
      'The input must be { "mode": "switchover" } while both regions live, or { "mode": "failover", "allowDataLoss": true } when the other is lost. Nothing was changed.',
      "TellFailure",
    ),
    Plan: { Type: "Pass", Parameters: plan(props), ResultPath: "$.plan", Next: "TellStart" },
    TellStart: tell(topicArn, `STARTED: ${SUBJECT}`, text(`WARNING: ${region} is taking over, by {}.`, "$.mode"), "Inspect"),
    Inspect: inspect(functionArn, "IsMember", "TellFailure"),
    IsMember: {
      Type: "Choice",
      Choices: [
        { Variable: "$.seen.phase", StringEquals: "missing", Next: "RefuseMissing" },
        { Variable: "$.seen.phase", StringEquals: "changing", Next: "RefuseChanging" },
        // An earlier execution has come as far as the promotion: what follows it is done again.
        { Variable: "$.seen.phase", StringEquals: "primary", Next: "TakeOver" },
        { Variable: "$.mode", StringEquals: "switchover", Next: "AskForLag" },
      ],
      Default: instance ? "CountInstances" : "FreezeIfPossible",
    },
    RefuseMissing: refuse(
      "TakeOver.NoMember",
      `The database of ${region} is no member of the global database. Nothing was changed.`,
      "TellFailure",
    ),
    RefuseChanging: refuse(
      "TakeOver.Changing",
      "The global database is being changed already. Nothing was changed by this.",
      "TellFailure",
    ),
  };
}

/** Both regions live: the switchover must not have to wait for this one. */
function checkLag({ lagAlarm, instance }: TakeOverProps): Record<string, State> {
  return {
    AskForLag: call(
      "cloudwatch",
      "describeAlarms",
      { AlarmNames: [lagAlarm] },
      {
        keep: { ResultSelector: { "alarms.$": "$.MetricAlarms" }, ResultPath: "$.lag" },
        then: "IsCloseBehind",
        caught: [{ on: "TellFailure" }],
      },
    ),
    IsCloseBehind: {
      Type: "Choice",
      Choices: [
        { Variable: "$.seen.connected", BooleanEquals: false, Next: "RefuseBehind" },
        { Not: { Variable: "$.lag.alarms[0].StateValue", IsPresent: true }, Next: "RefuseBehind" },
        { Variable: "$.lag.alarms[0].StateValue", StringEquals: "ALARM", Next: "RefuseBehind" },
      ],
      Default: instance ? "CountInstances" : "Freeze",
    },
    RefuseBehind: refuse(
      "TakeOver.TooFarBehind",
      "This region is too far behind, or does not get what the primary writes: a switchover would wait for it while nobody can write. Nothing was changed.",
      "TellFailure",
    ),
  };
}

/** A cluster without an instance cannot be promoted: it gets the one that Terraform would make first. */
function giveInstance({ instance, cluster }: TakeOverProps): Record<string, State> {
  if (!instance) return {};
  return {
    CountInstances: call(
      "rds",
      "describeDBClusters",
      { DbClusterIdentifier: cluster.identifier },
      {
        keep: { ResultSelector: { "instances.$": "States.ArrayLength($.DbClusters[0].DbClusterMembers)" }, ResultPath: "$.own" },
        then: "HasInstance",
        caught: [{ on: "TellFailure" }],
      },
    ),
    HasInstance: {
      Type: "Choice",
      Choices: [{ Variable: "$.own.instances", NumericGreaterThan: 0, Next: "IsPlanned" }],
      Default: "MakeInstance",
    },
    MakeInstance: call("rds", "createDBInstance", instance, {
      then: "AwaitInstance",
      caught: [{ on: "AwaitInstance", errors: ["Rds.DbInstanceAlreadyExistsException"], as: "$.exists" }, { on: "TellFailure" }],
    }),
    ...poll({
      what: "Instance",
      everySeconds: POLL_SECONDS,
      hours: INSTANCE_HOURS,
      ask: (then) =>
        call(
          "rds",
          "describeDBInstances",
          { DbInstanceIdentifier: instance["DbInstanceIdentifier"] },
          {
            keep: { ResultSelector: { "status.$": "$.DbInstances[0].DbInstanceStatus" }, ResultPath: "$.instance" },
            then,
            caught: [{ on: "TellFailure" }],
          },
        ),
      status: "$.instance.status",
      until: "available",
      unless: "*fail*",
      then: "IsPlanned",
      giveUp: "RefuseInstance",
    }),
    RefuseInstance: refuse("TakeOver.InstanceFailed", text("The new instance is {}.", "$.instance.status"), "TellFailure"),
    IsPlanned: {
      Type: "Choice",
      Choices: [{ Variable: "$.mode", StringEquals: "switchover", Next: "Freeze" }],
      Default: "FreezeIfPossible",
    },
  };
}

/** Nobody writes where nobody shall write any more. A lost region is told, too, but nobody waits for its answer. */
function freeze({ functionArn }: TakeOverProps): Record<string, State> {
  const frozen = { do: "set-writes", "region.$": "$.seen.primaryRegion", to: "frozen" };
  return {
    Freeze: invoke(functionArn, frozen, { then: "LeadClientsHere", caught: [{ on: "AllowWritesThere" }] }),
    LeadClientsHere: leadClients("here", "TakeOver", "AllowWritesThere"),
    FreezeIfPossible: invoke(functionArn, frozen, { then: "TakeOver", caught: [{ on: "TakeOver", as: "$.notFrozen" }] }),
  };
}

/** Makes this region's cluster the one that writes. */
function promote({ functionArn, globalCluster, cluster }: TakeOverProps): object {
  return {
    StartAt: "IsPrimaryAlready",
    States: {
      IsPrimaryAlready: {
        Type: "Choice",
        Choices: [
          { Variable: "$.seen.phase", StringEquals: "primary", Next: "FindEndpoints" },
          { Variable: "$.mode", StringEquals: "switchover", Next: "SwitchOver" },
        ],
        Default: "FailOver",
      },
      SwitchOver: invoke(functionArn, { do: "switch-over", "from.$": "$.seen.primaryRegion" }, { then: "AwaitPromotion" }),
      FailOver: call(
        "rds",
        "failoverGlobalCluster",
        { GlobalClusterIdentifier: globalCluster, TargetDbClusterIdentifier: cluster.arn, AllowDataLoss: true },
        { then: "AwaitPromotion" },
      ),
      ...poll({
        what: "Promotion",
        everySeconds: POLL_SECONDS,
        hours: PROMOTION_HOURS,
        // What cannot be seen for a moment is not over.
        ask: (then) => inspect(functionArn, then, then, "$.unseen"),
        status: "$.seen.phase",
        until: "primary",
        unless: "missing",
        then: "FindEndpoints",
        giveUp: "GiveUpPromotion",
      }),
      GiveUpPromotion: {
        Type: "Fail",
        Error: "TakeOver.PromotionFailed",
        Cause: "The database was not promoted in time. Look at the global database before anything else is done.",
      },
      FindEndpoints: call(
        "rds",
        "describeDBClusters",
        { DbClusterIdentifier: cluster.identifier },
        { keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.own" }, then: END },
      ),
    },
  };
}

/** Brings the services to the size that a primary has, beside the promotion and not after it. */
function scale(): object {
  return {
    StartAt: "ScaleServices",
    States: {
      ScaleServices: {
        Type: "Map",
        ItemsPath: "$.plan.services",
        ItemProcessor: {
          StartAt: "RaiseRange",
          States: {
            RaiseRange: call(
              "applicationautoscaling",
              "registerScalableTarget",
              {
                ServiceNamespace: "ecs",
                ScalableDimension: "ecs:service:DesiredCount",
                "ResourceId.$": "$.resource",
                "MinCapacity.$": "$.min",
                "MaxCapacity.$": "$.max",
              },
              { then: END },
            ),
          },
        },
        ResultPath: null,
        // The promotion goes on; whoever is told adds the tasks.
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: "NotScaled" }],
        Next: "Scaled",
      },
      Scaled: { Type: "Pass", Parameters: { says: "The services are brought to their full size." }, End: true },
      NotScaled: {
        Type: "Pass",
        Parameters: { "says.$": text("The services could NOT be brought to their full size: {}.", `${FAILURE}.Cause`) },
        End: true,
      },
    },
  };
}

/** The database is here: tasks and clients follow. From here on nothing is taken back. */
function settle(props: TakeOverProps): Record<string, State> {
  const { topicArn, region, parameters, services, runbookUrl } = props;
  const [first] = services;
  return {
    ListParameters: {
      Type: "Pass",
      Parameters: {
        list: [
          { Name: parameters.writer, "Value.$": "$.taken[0].own.cluster.Endpoint" },
          { Name: parameters.reader, "Value.$": "$.taken[0].own.cluster.ReaderEndpoint" },
          { Name: parameters.identifier, "Value.$": "$.taken[0].own.cluster.DbClusterIdentifier" },
          { Name: parameters.writes, Value: "allowed" },
        ],
      },
      ResultPath: "$.parameters",
      Next: "PutParameters",
    },
    PutParameters: {
      Type: "Map",
      ItemsPath: "$.parameters.list",
      MaxConcurrency: 1,
      ItemProcessor: {
        StartAt: "PutParameter",
        States: {
          PutParameter: call("ssm", "putParameter", { "Name.$": "$.Name", "Value.$": "$.Value", Overwrite: true }, { then: END }),
        },
      },
      ResultPath: null,
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: "TellHalfway" }],
      Next: "RollTasks",
    },
    RollTasks: {
      Type: "Map",
      ItemsPath: "$.plan.services",
      ItemProcessor: {
        StartAt: "RollService",
        States: {
          RollService: call(
            "ecs",
            "updateService",
            { "Cluster.$": "$.cluster", "Service.$": "$.name", ForceNewDeployment: true },
            { then: END },
          ),
        },
      },
      ResultPath: null,
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: "TellHalfway" }],
      Next: "AwaitTasks",
    },
    ...poll({
      what: "Tasks",
      everySeconds: POLL_SECONDS,
      hours: TASKS_HOURS,
      ask: (then) =>
        call(
          "ecs",
          "describeServices",
          { Cluster: first?.cluster, Services: [first?.name] },
          {
            keep: {
              ResultSelector: {
                "primary.$": "$.Services[0].Deployments[?(@.Status=='PRIMARY')]",
                "running.$": "$.Services[0].RunningCount",
              },
              ResultPath: "$.deployed",
            },
            then,
            caught: [{ on: "TellHalfway" }],
          },
        ),
      status: "$.deployed.primary[0].RolloutState",
      until: "COMPLETED",
      unless: "FAILED",
      then: "KeepClientsHere",
      giveUp: "RefuseTasks",
    }),
    RefuseTasks: refuse("TakeOver.TasksFailed", "The database is here, but the tasks could not be replaced.", "TellHalfway"),
    KeepClientsHere: leadClients("here", "TellDone", "TellNotKept"),
    TellDone: tell(
      topicArn,
      `DONE: ${SUBJECT}`,
      text(`INFO: ${region} writes and serves, with {} tasks. {} What to do next: ${runbookUrl}`, "$.deployed.running", "$.taken[1].says"),
      "Done",
    ),
    // The control plane of DNS may be lost with the region. Health checks lead clients here all the same, until it is back.
    TellNotKept: tell(
      topicArn,
      `DONE: ${SUBJECT}`,
      text(
        `CRITICAL: ${region} writes and serves, with {} tasks. {} DNS could NOT be held here ({}): once the other region answers again, clients are led back to it, where nobody can write. Execute this again before that. Runbook: ${runbookUrl}`,
        "$.deployed.running",
        "$.taken[1].says",
        `${FAILURE}.Cause`,
      ),
      "Done",
    ),
    Done: { Type: "Succeed" },
    TellHalfway: tell(
      topicArn,
      `HALFWAY: ${SUBJECT}`,
      text(
        `CRITICAL: the database of ${region} writes, but what should follow did not: {} {} Execute this again. Runbook: ${runbookUrl}`,
        `${FAILURE}.Error`,
        `${FAILURE}.Cause`,
      ),
      "Failed",
    ),
  };
}

function inspect(functionArn: string, then: string, on: string, as = FAILURE): State {
  return invoke(
    functionArn,
    { do: "inspect" },
    {
      keep: {
        ResultSelector: {
          "phase.$": "$.Payload.phase",
          "primaryRegion.$": "$.Payload.primaryRegion",
          "connected.$": "$.Payload.connected",
        },
        ResultPath: "$.seen",
      },
      then,
      caught: [{ on, as }],
    },
  );
}

/**
 * What the states go through one by one: services, and health checks with whether they shall be off. A check that is off
 * counts as failed, whatever it would find: that is how DNS passes a region by. Here, regions that DNS prefers to this one
 * are off, and this one is not; back, they are on again, and the first region, which nobody is preferred to, is off.
 */
function plan({ region, regions, services }: TakeOverProps): object {
  const own = regions.findIndex(({ name }) => name === region);
  const checks = regions.slice(0, own + 1).map(({ name, healthCheckParameter: parameter }) => ({ name, parameter }));
  return {
    services: services.map(({ cluster, name, min, max }) => ({ cluster, name, min, max, resource: `service/${cluster}/${name}` })),
    here: checks.map(({ name, parameter }) => ({ parameter, off: name !== region })),
    back: checks.filter(({ name }) => own === 0 || name !== region).map(({ parameter }) => ({ parameter, off: own === 0 })),
  };
}

/** @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_UpdateHealthCheck.html */
function leadClients(where: "here" | "back", then: string, on: string, as = FAILURE): State {
  const find = `Find${then}`;
  const lead = `Lead${then}`;
  return {
    Type: "Map",
    ItemsPath: `$.plan.${where}`,
    MaxConcurrency: 1,
    ItemProcessor: {
      StartAt: find,
      States: {
        [find]: call(
          "ssm",
          "getParameter",
          { "Name.$": "$.parameter" },
          { keep: { ResultSelector: { "id.$": "$.Parameter.Value" }, ResultPath: "$.check" }, then: lead },
        ),
        [lead]: call(
          "route53",
          "updateHealthCheck",
          { "HealthCheckId.$": "$.check.id", "Disabled.$": "$.off", "Inverted.$": "$.off" },
          { then: END },
        ),
      },
    },
    ResultPath: null,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: as, Next: on }],
    Next: then,
  };
}
