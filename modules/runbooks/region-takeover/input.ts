import { poll } from "../poll";
import { FAILURE, failWith, type State, text } from "../states";
import { invoke, notify } from "../tasks";
import { hasItem, inspectGlobalDatabase, POLL_SECONDS, progress, SUBJECT, type TakeoverProps } from "./common";

/** Longest wait for another change of the global database. */
const CHANGE_HOURS = 0.25;

/** Checks the input, other executions and the state of the global database, and stores the plan. Begins at `ValidateInput`. */
export function checkInput(props: TakeoverProps): Record<string, State> {
  const { topicArn, region, services } = props;
  return {
    ValidateInput: {
      Type: "Choice",
      Choices: [
        { And: modeConditions("switchover"), Next: "Plan" },
        {
          And: [
            ...modeConditions("failover"),
            { Variable: "$.allowDataLoss", IsPresent: true },
            { Variable: "$.allowDataLoss", BooleanEquals: true },
          ],
          Next: "Plan",
        },
      ],
      Default: "FailInvalidInput",
    },
    FailInvalidInput: failWith(
      "RegionTakeover.InvalidInput",
      'The input must be { "mode": "switchover" } while both regions are available, or { "mode": "failover", "allowDataLoss": true } when the other region is lost. Nothing was changed.',
      "NotifyInvalidInput",
    ),
    NotifyInvalidInput: notify(
      topicArn,
      `FAILED: ${SUBJECT}`,
      text(`CRITICAL: the region takeover by ${region} did not start: {}`, `${FAILURE}.Cause`),
      "Failed",
    ),
    Plan: {
      Type: "Pass",
      Parameters: {
        services: services.map(({ cluster, name, min, max }) => ({ cluster, name, min, max, resource: `service/${cluster}/${name}` })),
        switchover: { mode: "switchover" },
      },
      ResultPath: "$.plan",
      Next: "NotifyStart",
    },
    NotifyStart: notify(
      topicArn,
      `STARTED: ${SUBJECT}`,
      text(`WARNING: the region takeover by ${region} has started. Mode: {}.`, "$.mode"),
      "FindExecutions",
    ),
    ...checkExecutions(props),
    InspectGlobalDatabase: inspectGlobalDatabase(props.functionArn, "CheckPhase", "NotifyFailure"),
    ...checkMembership(props),
  };
}

function modeConditions(mode: string): object[] {
  return [
    { Variable: "$.mode", IsPresent: true },
    { Variable: "$.mode", StringEquals: mode },
  ];
}

/** Two takeovers at the same time would undo each other's steps. */
function checkExecutions({ functionArn }: TakeoverProps): Record<string, State> {
  return {
    FindExecutions: invoke(
      functionArn,
      { action: "find-executions", "execution.$": "$$.Execution.Id" },
      {
        result: { ResultSelector: { "others.$": "$.Payload.others" }, ResultPath: "$.executions" },
        next: "IsOnlyExecution",
        catchers: [{ next: "NotifyFailure" }],
      },
    ),
    IsOnlyExecution: {
      Type: "Choice",
      Choices: [{ ...hasItem("$.executions.others"), Next: "FailOtherExecution" }],
      Default: "InspectGlobalDatabase",
    },
    FailOtherExecution: failWith(
      "RegionTakeover.OtherExecution",
      text("Another region takeover is running: {}. Wait for its end, or abort it. Nothing was changed.", "$.executions.others[0]"),
      "NotifyFailure",
    ),
  };
}

function checkMembership(props: TakeoverProps): Record<string, State> {
  const { region, instance, functionArn } = props;
  const isPhase = (phase: string): object => ({ Variable: "$.globalDatabase.phase", StringEquals: phase });
  return {
    CheckPhase: {
      Type: "Choice",
      Choices: [
        { ...isPhase("missing"), Next: "FailNotAMember" },
        { Not: { Variable: "$.globalDatabase.restored", StringEquals: "" }, Next: "FailRestored" },
        // An earlier execution has promoted the database: the steps after the promotion are repeated.
        { ...isPhase("primary"), Next: "FenceOthers" },
        // A failover may start during a switchover: the other region may be lost in the middle of it.
        { And: [isPhase("changing"), { Variable: "$.mode", StringEquals: "switchover" }], Next: "ResetChangeAttempts" },
      ],
      Default: instance ? "CountInstances" : "IsReadinessRequired",
    },
    FailNotAMember: failWith(
      "RegionTakeover.NotAMember",
      `The cluster of ${region} is not a member of the global database. Nothing was changed.`,
      "NotifyFailure",
    ),
    FailRestored: failWith(
      "RegionTakeover.RestoredCluster",
      text(
        "A rewind has switched the tasks of a region to the restored cluster {}, which is not in the global database. A takeover would return to the data from before the rewind. Form the global database again first. Nothing was changed.",
        "$.globalDatabase.restored",
      ),
      "NotifyFailure",
    ),
    ...poll({
      name: "Change",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: CHANGE_HOURS,
      progress: progress(props, "Another change of the global database"),
      describe: (next) => inspectGlobalDatabase(functionArn, next, next, "$.inspectionError"),
      statusPath: "$.globalDatabase.phase",
      successStatus: "secondary",
      failurePattern: "missing",
      onSuccess: "CheckPhase",
      onFailure: "FailChangeInProgress",
      exits: [{ conditions: [isPhase("primary")], attempts: 1, next: "CheckPhase" }],
    }),
    FailChangeInProgress: failWith(
      "RegionTakeover.ChangeInProgress",
      "Another change of the global database is in progress. Nothing was changed by this execution.",
      "NotifyFailure",
    ),
  };
}
