import { putParameters, replaceTasks, TASKS_HOURS } from "../service-states";
import { call, type Definition, END, FAIL, FAILURE, forEach, invoke, poll, refuse, type State, tell, text } from "../states";

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
/** A request that was refused, or whose answer was lost, must be seen to do something within these questions: two minutes. */
const QUESTIONS_AFTER_REFUSAL = 8;
/** The lag of a cluster that has just got its instance is reported only after some minutes. */
const LAG_HOURS = 0.25;
const SUBJECT = "taking over";
const NO_INSTANCE = "Rds.DbInstanceNotFoundException";

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
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: "LookAgain" }],
        Next: "FindEndpoints",
      },
      ...settle(props),
      ...takeBack(props),
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
        // An earlier execution has come as far as the promotion: what follows it is done again.
        { Variable: "$.seen.phase", StringEquals: "primary", Next: "TakeOver" },
        // A region may be lost in the middle of a switchover: a failover goes on from there.
        {
          And: [
            { Variable: "$.seen.phase", StringEquals: "changing" },
            { Variable: "$.mode", StringEquals: "switchover" },
          ],
          Next: "RefuseChanging",
        },
      ],
      Default: instance ? "CountInstances" : "IsLagInTheWay",
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

/** With both regions alive, the switchover must not have to wait for this one. A failover waits for nothing. */
function checkLag({ lagAlarm, instance }: TakeOverProps): Record<string, State> {
  return {
    IsLagInTheWay: {
      Type: "Choice",
      Choices: [
        { Variable: "$.mode", StringEquals: "failover", Next: "FreezeIfPossible" },
        { Variable: "$.seen.connected", BooleanEquals: false, Next: "RefuseBehind" },
      ],
      Default: "AwaitLag",
    },
    ...poll({
      what: "Lag",
      everySeconds: POLL_SECONDS,
      hours: instance ? LAG_HOURS : 0,
      ask: (then) =>
        call(
          "cloudwatch",
          "describeAlarms",
          { AlarmNames: [lagAlarm] },
          { keep: { ResultSelector: { "alarms.$": "$.MetricAlarms" }, ResultPath: "$.lag" }, then, caught: [{ on: "TellFailure" }] },
        ),
      status: "$.lag.alarms[0].StateValue",
      until: "OK",
      unless: "never",
      then: "Freeze",
      giveUp: "RefuseBehind",
    }),
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
      // It may be there and not be ready: an earlier execution has begun to make it.
      Choices: [{ Variable: "$.own.instances", NumericGreaterThan: 0, Next: "AwaitInstance" }],
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
            answer: NO_INSTANCE,
            // The cluster has another one, which somebody has made.
            caught: [{ on: "IsLagInTheWay", errors: [NO_INSTANCE], as: "$.another" }, { on: "TellFailure" }],
          },
        ),
      status: "$.instance.status",
      until: "available",
      unless: "*fail*",
      then: "IsLagInTheWay",
      giveUp: "RefuseInstance",
    }),
    RefuseInstance: refuse("TakeOver.InstanceFailed", text("The new instance is {}.", "$.instance.status"), "TellFailure"),
  };
}

/** Nobody writes where nobody shall write any more. A lost region is told, too, but nobody waits for its answer. */
function freeze({ functionArn }: TakeOverProps): Record<string, State> {
  const frozen = { do: "set-writes", "region.$": "$.seen.primaryRegion", to: "frozen" };
  return {
    Freeze: invoke(functionArn, frozen, { then: "LeadClientsHere", caught: [{ on: "AllowWritesThere" }] }),
    LeadClientsHere: leadClients("$.plan.here", "TakeOver", "AllowWritesThere"),
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
          { Variable: "$.seen.phase", StringEquals: "primary", Next: "Promoted" },
          { Variable: "$.mode", StringEquals: "switchover", Next: "SwitchOver" },
        ],
        Default: "FailOver",
      },
      // AWS may have heard a request whose answer was lost, and refuses the next one: what it does is seen, not what it says.
      SwitchOver: invoke(
        functionArn,
        { do: "switch-over", "from.$": "$.seen.primaryRegion" },
        { then: "AwaitPromotion", caught: [{ on: "AwaitPromotion", as: "$.refused" }] },
      ),
      FailOver: call(
        "rds",
        "failoverGlobalCluster",
        { GlobalClusterIdentifier: globalCluster, TargetDbClusterIdentifier: cluster.arn, AllowDataLoss: true },
        { then: "AwaitPromotion", caught: [{ on: "AwaitPromotion", as: "$.refused" }] },
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
        then: "Promoted",
        giveUp: "GiveUpPromotion",
        or: [
          {
            when: [
              { Variable: "$.refused", IsPresent: true },
              { Variable: "$.seen.phase", StringEquals: "secondary" },
            ],
            questions: QUESTIONS_AFTER_REFUSAL,
            then: "PromotionRefused",
          },
        ],
      }),
      PromotionRefused: { Type: "Fail", ErrorPath: "$.refused.Error", CausePath: "$.refused.Cause" },
      GiveUpPromotion: {
        Type: "Fail",
        Error: "TakeOver.PromotionFailed",
        Cause: "The database was not promoted in time.",
      },
      Promoted: { Type: "Pass", Parameters: { says: "The database writes here." }, End: true },
    },
  };
}

/** Brings the services to the size that a primary has, beside the promotion and not after it. */
function scale(): object {
  return {
    StartAt: "ScaleServices",
    States: {
      ScaleServices: forEach({
        items: "$.plan.services",
        states: {
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
        then: "Scaled",
        // The promotion goes on; whoever is told adds the tasks.
        caught: { on: "NotScaled" },
      }),
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
  const { topicArn, region, cluster, parameters, runbookUrl } = props;
  return {
    FindEndpoints: call(
      "rds",
      "describeDBClusters",
      { DbClusterIdentifier: cluster.identifier },
      {
        keep: {
          ResultSelector: {
            "writer.$": "$.DbClusters[0].Endpoint",
            "reader.$": "$.DbClusters[0].ReaderEndpoint",
            "identifier.$": "$.DbClusters[0].DbClusterIdentifier",
          },
          ResultPath: "$.own",
        },
        then: "ListParameters",
        caught: [{ on: "TellHalfway" }],
      },
    ),
    ListParameters: {
      Type: "Pass",
      Parameters: {
        list: [
          { Name: parameters.writer, "Value.$": "$.own.writer" },
          { Name: parameters.reader, "Value.$": "$.own.reader" },
          { Name: parameters.identifier, "Value.$": "$.own.identifier" },
          { Name: parameters.writes, Value: "allowed" },
        ],
      },
      ResultPath: "$.parameters",
      Next: "PutParameters",
    },
    PutParameters: putParameters("$.parameters.list", "PutParameter", { then: "ReplaceTasks", caught: { on: "TellHalfway" } }),
    ReplaceTasks: replaceTasks(
      "$.plan.services",
      "TakeOver.TasksFailed",
      true,
      { then: "KeepClientsHere", caught: { on: "TellHalfway" } },
      "$.replaced",
    ),
    KeepClientsHere: leadClients("$.plan.here", "TellDone", "TellNotKept"),
    TellDone: tell(
      topicArn,
      `DONE: ${SUBJECT}`,
      text(
        `INFO: ${region} writes and serves. Its tasks: {}. {} What to do next: ${runbookUrl}`,
        "States.JsonToString($.replaced)",
        "$.taken[1].says",
      ),
      "Done",
    ),
    // The control plane of DNS may be lost with the region. Health checks lead clients here all the same, until it is back.
    TellNotKept: tell(
      topicArn,
      `DONE: ${SUBJECT}`,
      text(
        `CRITICAL: ${region} writes and serves. {} DNS could NOT be held here ({}): once the other region answers again, clients are led back to it, where nobody can write. Execute this again before that. Runbook: ${runbookUrl}`,
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

/**
 * What was done before the promotion is taken back, as long as another region is known to write. A promotion that is
 * still under way, or that nobody can see, is left to people: two regions that write would be worse than none.
 */
function takeBack(props: TakeOverProps): Record<string, State> {
  const { topicArn, region, regions, functionArn, runbookUrl } = props;
  const others = regions.map(({ name }) => name).filter((name) => name !== region);
  return {
    LookAgain: inspect(functionArn, "DoesAnotherWrite", "TellUnclear", "$.unseen"),
    DoesAnotherWrite: {
      Type: "Choice",
      Choices: [
        { Variable: "$.seen.phase", StringEquals: "secondary", Next: "AllowWritesThere" },
        { Variable: "$.seen.phase", StringEquals: "primary", Next: "TellHalfway" },
      ],
      Default: "TellUnclear",
    },
    AllowWritesThere: invoke(
      functionArn,
      { do: "set-writes", "region.$": "$.seen.primaryRegion", to: "allowed" },
      { then: "WhoWrites", caught: [{ on: "WhoWrites", as: "$.notAllowed" }] },
    ),
    WhoWrites: {
      Type: "Choice",
      Choices: others.map((name) => ({ Variable: "$.seen.primaryRegion", StringEquals: name, Next: leadBackTo(name) })),
      Default: "TellFailure",
    },
    ...Object.fromEntries(
      others.map((name, index) => [
        leadBackTo(name),
        leadClients(`$.plan.back[${index}]`, "TellFailure", "TellFailure", "$.notLedBack", name),
      ]),
    ),
    TellUnclear: tell(
      topicArn,
      `UNCLEAR: ${SUBJECT}`,
      text(
        `CRITICAL: ${region} was to take over, and it is not clear whether its database writes: {} {} Nothing was taken back: clients may have been led here, and writes may be frozen in the other region. Look at the global database; execute this again once it is available. Runbook: ${runbookUrl}`,
        `${FAILURE}.Error`,
        `${FAILURE}.Cause`,
      ),
      "Failed",
    ),
  };
}

function leadBackTo(region: string): string {
  return `LeadClientsBackTo ${region}`;
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

/** What the states go through one by one: services, and health checks with whether they shall be off. */
function plan({ region, regions, services }: TakeOverProps): object {
  const others = regions.filter(({ name }) => name !== region);
  return {
    services: services.map(({ cluster, name, min, max }) => ({ cluster, name, min, max, resource: `service/${cluster}/${name}` })),
    here: checksLeadingTo(region, region, regions),
    back: others.map(({ name }) => checksLeadingTo(name, region, regions)),
  };
}

/**
 * A check that is off counts as failed, whatever it would find: that is how DNS passes a region by. Regions that DNS
 * prefers to the one that shall serve are off, all others that this runbook may have switched off are on.
 */
function checksLeadingTo(serving: string, own: string, regions: TakeOverProps["regions"]): object[] {
  const at = (region: string): number => regions.findIndex(({ name }) => name === region);
  return regions
    .slice(0, Math.max(at(serving), at(own)) + 1)
    .map(({ healthCheckParameter: parameter }, index) => ({ parameter, off: index < at(serving) }));
}

/** @param path of the list of health checks @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_UpdateHealthCheck.html */
function leadClients(path: string, then: string, on: string, as = FAILURE, to = ""): State {
  const lead = `Lead${then}${to}`;
  return forEach({
    items: path,
    inTurn: true,
    states: {
      [`Find${then}${to}`]: call(
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
    then,
    caught: { on, as },
  });
}
