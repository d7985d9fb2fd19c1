import { poll } from "../poll";
import { TASKS_HOURS } from "../service-states";
import { type Definition, failWith, type State, text } from "../states";
import { call } from "../tasks";
import { deleteRestored } from "./delete-restored";
import { restoreCluster } from "./restore-cluster";
import { describeRestored, INSTANCE_HOURS, POLL_SECONDS, RESTORE_HOURS, type RestoreProps } from "./restore-common";
import { checkInput, describeCluster, FAILED, failTooNew, failTooOld, reportFailure } from "./rewind-common";
import { rollback, switchTasks } from "./switch-tasks";

/** Longest time for the restored cluster to become available again after its instances are created. */
const SETTLE_HOURS = 0.5;

/**
 * Rewinds without backtrack: restores the data of a given time to a second cluster, checks it, and then switches the tasks
 * to it. The live cluster is never changed and never deleted. Before the switch, an error deletes the restored cluster.
 * From the switch on, the restored cluster may hold writes and is always kept.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html
 */
export function restoreDefinition(props: RestoreProps): Definition {
  return {
    Comment: "Restores the database to a given second beside the live cluster, and leads the tasks there",
    StartAt: "IsTimeGiven",
    // Twice the time of a restore: one that fails is deleted.
    TimeoutSeconds: (2 * (RESTORE_HOURS + INSTANCE_HOURS) + TASKS_HOURS + SETTLE_HOURS + 1) * 3600,
    States: {
      ...checkInput("FindLiveCluster"),
      ...checkBackup(props),
      ...restoreCluster(props),
      ...checkRestored(props),
      ...switchTasks(props),
      ...rollback(props),
      ...deleteRestored(props.topicArn),
      ...reportFailure(props.topicArn, props.runbookUrl, "The live cluster is as it was. "),
    },
  };
}

/** Finds the live cluster, and checks that its backups include the time. Begins at `FindLiveCluster`. */
function checkBackup({ parameters }: RestoreProps): Record<string, State> {
  return {
    FindLiveCluster: call(
      "ssm",
      "getParameter",
      { Name: parameters.identifier },
      {
        result: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.live" },
        next: "DescribeLiveCluster",
        catchers: [{ next: FAILED }],
      },
    ),
    DescribeLiveCluster: describeCluster({
      identifier: { "DbClusterIdentifier.$": "$.live.identifier" },
      resultPath: "$.live",
      next: "IsTimeInBackup",
      onError: FAILED,
    }),
    IsTimeInBackup: {
      Type: "Choice",
      Choices: [
        { Not: { Variable: "$.live.cluster.EarliestRestorableTime", IsPresent: true }, Next: "RefuseWithoutBackup" },
        { Variable: "$.to", TimestampLessThanPath: "$.live.cluster.EarliestRestorableTime", Next: "RefuseTooOld" },
        { Variable: "$.to", TimestampGreaterThanPath: "$.live.cluster.LatestRestorableTime", Next: "RefuseTooNew" },
      ],
      Default: "NameRestored",
    },
    RefuseWithoutBackup: failWith(
      "Rewind.NoBackup",
      "The cluster has no backup to go back to: a secondary of a global database gets one when it is promoted. Nothing was changed.",
      FAILED,
    ),
    RefuseTooOld: failTooOld("$.live.cluster.EarliestRestorableTime"),
    RefuseTooNew: failTooNew("$.live.cluster.LatestRestorableTime"),
  };
}

/** Compares the restored cluster with the live one. The data themselves are left to an operator to check. Begins at `AwaitRestored`. */
function checkRestored({ template }: RestoreProps): Record<string, State> {
  const members = "$.described.cluster.DbClusterMembers";
  return {
    ...poll({
      name: "Restored",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: SETTLE_HOURS,
      describe: describeRestored,
      statusPath: "$.described.cluster.Status",
      successStatus: "available",
      failurePattern: "*fail*",
      onSuccess: "FindWriters",
      onFailure: "FindWriters",
    }),
    FindWriters: {
      Type: "Pass",
      Parameters: { "all.$": members, "writers.$": `${members}[?(@.IsClusterWriter==true)]` },
      ResultPath: "$.members",
      Next: "CountMembers",
    },
    CountMembers: {
      Type: "Pass",
      Parameters: { "all.$": "States.ArrayLength($.members.all)", "writers.$": "States.ArrayLength($.members.writers)" },
      ResultPath: "$.members",
      Next: "IsRestoredWell",
    },
    IsRestoredWell: {
      Type: "Choice",
      Choices: [
        {
          And: [
            { Variable: "$.described.cluster.Status", StringEquals: "available" },
            { Variable: "$.described.cluster.EngineVersion", StringEqualsPath: "$.live.cluster.EngineVersion" },
            { Variable: "$.described.cluster.KmsKeyId", StringEqualsPath: "$.live.cluster.KmsKeyId" },
            { Variable: "$.described.cluster.StorageEncrypted", BooleanEquals: true },
            { Variable: "$.members.all", NumericEquals: template.instances.length },
            { Variable: "$.members.writers", NumericEquals: 1 },
          ],
          Next: "FindLiveClusterAgain",
        },
      ],
      Default: "RefuseRestored",
    },
    RefuseRestored: failWith(
      "Rewind.VerificationFailed",
      text(
        "The restored cluster {} is not like the live one: status {}, version {}, {} instances of which {} write.",
        "$.restored.identifier",
        "$.described.cluster.Status",
        "$.described.cluster.EngineVersion",
        "$.members.all",
        "$.members.writers",
      ),
      "DeleteInstances",
    ),
  };
}
