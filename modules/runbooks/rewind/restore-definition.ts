import { leadBack, leadTasks, type LeadTasksProps } from "./switch-tasks";
import {
  deleteRestored,
  describeRestored,
  INSTANCE_HOURS,
  POLL_SECONDS,
  RESTORE_HOURS,
  restoreCluster,
  type RestoreClusterProps,
} from "./restore-cluster";
import { checkInput, FAILED, failure, refuseTooNew, refuseTooOld } from "./rewind-common";
import { TASKS_HOURS } from "../service-states";
import { call, type Definition, poll, refuse, type State, text } from "../states";

export interface RewindByRestoreProps extends RestoreClusterProps, LeadTasksProps {}

/** A last look, before the tasks are led. */
const SETTLE_HOURS = 0.5;

/**
 * Takes the data back to a given second without backtrack: restores that moment to a second cluster, beside the live
 * one, checks it, and only then leads the tasks to it. The live cluster is never changed and never deleted. Until the
 * tasks are led, an error deletes what was restored; from then on the restored cluster may hold what they wrote, and is
 * kept whatever happens.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html
 */
export function rewindByRestore(props: RewindByRestoreProps): Definition {
  return {
    Comment: "Restores the database to a given second beside the live cluster, and leads the tasks there",
    StartAt: "IsTimeGiven",
    // Long enough for a restore that comes to nothing, and for deleting it.
    TimeoutSeconds: (2 * (RESTORE_HOURS + INSTANCE_HOURS) + TASKS_HOURS + SETTLE_HOURS + 1) * 3600,
    States: {
      ...checkInput("FindLiveCluster"),
      ...inspect(props),
      ...restoreCluster(props),
      ...verify(props),
      ...leadTasks(props),
      ...leadBack(props),
      ...deleteRestored(props),
      ...failure(props.topicArn, props.runbookUrl, "The live cluster is as it was. "),
    },
  };
}

/** Which cluster is live, and does its backup reach that far? */
function inspect({ parameters }: RewindByRestoreProps): Record<string, State> {
  return {
    FindLiveCluster: call(
      "ssm",
      "getParameter",
      { Name: parameters.identifier },
      {
        keep: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.live" },
        then: "DescribeLiveCluster",
        caught: [{ on: FAILED }],
      },
    ),
    DescribeLiveCluster: call(
      "rds",
      "describeDBClusters",
      { "DbClusterIdentifier.$": "$.live.identifier" },
      {
        keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.live" },
        then: "IsTimeInBackup",
        caught: [{ on: FAILED }],
      },
    ),
    IsTimeInBackup: {
      Type: "Choice",
      Choices: [
        { Not: { Variable: "$.live.cluster.EarliestRestorableTime", IsPresent: true }, Next: "RefuseWithoutBackup" },
        { Variable: "$.to", TimestampLessThanPath: "$.live.cluster.EarliestRestorableTime", Next: "RefuseTooOld" },
        { Variable: "$.to", TimestampGreaterThanPath: "$.live.cluster.LatestRestorableTime", Next: "RefuseTooNew" },
      ],
      Default: "NameRestored",
    },
    RefuseWithoutBackup: refuse(
      "Rewind.NoBackup",
      "The cluster has no backup to go back to: a secondary of a global database gets one when it is promoted. Nothing was changed.",
      FAILED,
    ),
    RefuseTooOld: refuseTooOld("$.live.cluster.EarliestRestorableTime"),
    RefuseTooNew: refuseTooNew("$.live.cluster.LatestRestorableTime"),
  };
}

/** What can be known without looking into the data: whether these are right is for people to say, while the old cluster is there. */
function verify({ restored }: RewindByRestoreProps): Record<string, State> {
  const members = "$.described.cluster.DbClusterMembers";
  return {
    // With its instances there, the cluster may take a moment to settle.
    ...poll({
      what: "Restored",
      everySeconds: POLL_SECONDS,
      hours: SETTLE_HOURS,
      ask: describeRestored,
      status: "$.described.cluster.Status",
      until: "available",
      unless: "*fail*",
      then: "FindWriters",
      giveUp: "FindWriters",
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
            { Variable: "$.members.all", NumericEquals: restored.instances.length },
            { Variable: "$.members.writers", NumericEquals: 1 },
          ],
          Next: "FindLiveClusterAgain",
        },
      ],
      Default: "RefuseRestored",
    },
    RefuseRestored: refuse(
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
