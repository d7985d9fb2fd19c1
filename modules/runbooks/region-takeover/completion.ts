import { poll } from "../poll";
import { FAIL, FAILURE, failWith, forEach, type State, text } from "../states";
import { call, notify, runAgain } from "../tasks";
import { describeDeployment } from "../service-states";
import { hasItem, inspectGlobalDatabase, progress, SUBJECT, SWITCHOVER, type TakeoverProps } from "./common";
import { fenceOthers } from "./fencing";

/** Longest time for the tasks of a standby to start. */
export const START_HOURS = 0.5;
const TASKS_POLL_SECONDS = 30;

/**
 * After the promotion: allows writes here, waits for the tasks, and fences the other regions again. The tasks are not
 * replaced: they use the global writer endpoint, which follows the writer. Nothing is rolled back from here on. Begins at
 * `AllowWrites`.
 */
export function complete(props: TakeoverProps): Record<string, State> {
  const { writesParameter, functionArn } = props;
  return {
    AllowWrites: call(
      "ssm",
      "putParameter",
      { Name: writesParameter, Value: "allowed", Overwrite: true },
      { next: "AwaitTasks", idempotent: true, catchers: [{ next: "InspectBeforeHalfway" }] },
    ),
    AwaitTasks: forEach({
      itemsPath: "$.plan.services",
      states: awaitTasks(props),
      resultPath: "$.runningTasks",
      next: "InspectAtEnd",
      catcher: { next: "InspectBeforeHalfway" },
    }),
    // Another region may have taken over while this one was lost: it must not be fenced.
    InspectAtEnd: inspectGlobalDatabase(functionArn, "IsSuperseded", "NotifyHalfway"),
    IsSuperseded: { Type: "Choice", Choices: [{ ...isOtherPrimary(props), Next: "FreezeOwnWrites" }], Default: "FenceOthersAgain" },
    // A region that was lost at the first attempt may be available now.
    FenceOthersAgain: fenceOthers(props, { suffix: "AtEnd", next: "InspectAfterEnd", onError: "NotifyHalfway" }),
    InspectAfterEnd: inspectGlobalDatabase(functionArn, "IsStillPrimary", "NotifyHalfway"),
    IsStillPrimary: {
      Type: "Choice",
      Choices: [
        { ...isOtherPrimary(props), Next: "FreezeOwnWrites" },
        { Or: [hasItem("$.fenced[0].failed"), hasItem("$.fenced[1].notFrozen")], Next: "NotifyIncomplete" },
      ],
      Default: "NotifyDone",
    },
    ...superseded(props),
    InspectBeforeHalfway: inspectGlobalDatabase(functionArn, "IsSupersededBeforeHalfway", "NotifyHalfway", "$.inspectionError"),
    IsSupersededBeforeHalfway: {
      Type: "Choice",
      Choices: [{ ...isOtherPrimary(props), Next: "FreezeOwnWrites" }],
      Default: "FenceOthersBeforeHalfway",
    },
    FenceOthersBeforeHalfway: fenceOthers(props, { suffix: "BeforeHalfway", next: "NotifyHalfway", onError: "NotifyHalfway" }),
    ...notifyEnd(props),
  };
}

/**
 * Whether another region has the writer. The phase is not sufficient: it is that of a change while the lost region has not
 * rejoined and the own cluster is not available for a moment, during a backup for example.
 */
function isOtherPrimary({ region }: TakeoverProps): { And: object[] } {
  const primary = "$.globalDatabase.primaryRegion";
  return { And: [{ Not: { Variable: primary, StringEquals: region } }, { Not: { Variable: primary, StringEquals: "" } }] };
}

function awaitTasks(props: TakeoverProps): Record<string, State> {
  return {
    ...poll({
      name: "Tasks",
      intervalSeconds: TASKS_POLL_SECONDS,
      timeoutHours: START_HOURS,
      progress: progress(props, "The start of the tasks"),
      describe: describeDeployment,
      statusPath: "$.service.primary[0].RolloutState",
      successStatus: "COMPLETED",
      successCondition: { Variable: "$.service.running", NumericGreaterThanEqualsPath: "$.min" },
      // A deployment that failed leaves the tasks of the one before it, so only their number decides.
      onSuccess: "TasksRunning",
      onFailure: "FailTasks",
    }),
    TasksRunning: { Type: "Pass", Parameters: { "service.$": "$.name", "running.$": "$.service.running" }, End: true },
    FailTasks: failWith("RegionTakeover.TasksMissing", text("The tasks of {} are fewer than {}.", "$.name", "$.min"), "TasksMissing"),
    TasksMissing: FAIL,
  };
}

/** Another takeover has made another region the primary in the meantime: this region must not write. */
function superseded({ topicArn, writesParameter, runbookUrl, region }: TakeoverProps): Record<string, State> {
  return {
    FreezeOwnWrites: call(
      "ssm",
      "putParameter",
      { Name: writesParameter, Value: "frozen", Overwrite: true },
      { next: "NotifySuperseded", idempotent: true, catchers: [{ next: "NotifySuperseded" }] },
    ),
    NotifySuperseded: notify(
      topicArn,
      `SUPERSEDED: ${SUBJECT}`,
      text(
        `CRITICAL: while ${region} took over, {} became the primary region. Execute the runbook of that region: {} Runbook: ${runbookUrl}`,
        "$.globalDatabase.primaryRegion",
        runAgain({ region: "$.globalDatabase.primaryRegion", input: SWITCHOVER }),
      ),
      "FailSuperseded",
    ),
    FailSuperseded: {
      Type: "Fail",
      Error: "RegionTakeover.Superseded",
      Cause: "Another region became the primary region during this execution.",
    },
  };
}

function notifyEnd({ topicArn, region, runbookUrl }: TakeoverProps): Record<string, State> {
  const done = (subject: string, message: string, paths: readonly string[]): State =>
    notify(topicArn, `${subject}: ${SUBJECT}`, text(`${message} Next steps: ${runbookUrl}`, ...paths), "Done");
  return {
    NotifyDone: done("DONE", `INFO: ${region} is the primary region. Running tasks: {}. {}`, [
      "States.JsonToString($.runningTasks)",
      "$.results[1].message",
    ]),
    NotifyIncomplete: done(
      "INCOMPLETE",
      `CRITICAL: ${region} is the primary region. {} These regions may still accept writes: {}. These regions did not change their DNS hold: {}. When they are available, execute this runbook again: {}`,
      ["$.results[1].message", "States.JsonToString($.fenced[1].notFrozen)", "States.JsonToString($.fenced[0].failed)", runAgain()],
    ),
    Done: { Type: "Succeed" },
    NotifyHalfway: notify(
      topicArn,
      `HALFWAY: ${SUBJECT}`,
      text(
        `CRITICAL: the database of ${region} is the primary, but a later step failed: {} {} Execute this runbook again: {} Runbook: ${runbookUrl}`,
        `${FAILURE}.Error`,
        `${FAILURE}.Cause`,
        runAgain(),
      ),
      "Failed",
    ),
  };
}
