import { poll } from "../poll";
import { TASKS_HOURS } from "../service-states";
import { type Definition, failWith, type State, text } from "../states";
import { call } from "../tasks";
import { deleteRestored } from "./delete-restored";
import { restoreCluster } from "./restore-cluster";
import { describeRestored, INSTANCE_HOURS, POLL_SECONDS, RESTORE_HOURS, type RestoreProps } from "./restore-common";
import { checkInput, describeCluster, FAILED, failTooNew, failTooOld, progress, reportFailure } from "./rewind-common";
import { PASSWORD_HOURS, setPassword } from "./set-password";
import { SERVICE_USER_HOURS, setServiceUser } from "./set-service-user";
import { rollback, switchTasks } from "./switch-tasks";

/** Longest time for the restored cluster to become available again after its instances are created. */
const SETTLE_HOURS = 0.5;

/**
 * Rewinds without backtrack: restores the data of a given time to a second cluster, checks it, and then switches the tasks
 * to it. The live cluster is never changed and never deleted. Before the switch, an error deletes the restored cluster.
 * From the switch on, the restored cluster may contain writes and is never deleted.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html
 */
export function restoreDefinition(props: RestoreProps): Definition {
  return {
    Comment: "Restores the database to a given time beside the live cluster, and switches the tasks to it",
    StartAt: "ValidateInput",
    // Twice the time of a restore: one that fails is deleted.
    TimeoutSeconds:
      (2 * (RESTORE_HOURS + INSTANCE_HOURS) +
        TASKS_HOURS +
        SETTLE_HOURS +
        PASSWORD_HOURS +
        (props.serviceUser ? SERVICE_USER_HOURS : 0) +
        1) *
      3600,
    States: {
      ...checkInput("FindLiveCluster"),
      ...checkBackup(props),
      ...restoreCluster(props),
      ...checkRestored(props),
      ...setRestoredPassword(props),
      ...setRestoredServiceUser(props),
      ...switchTasks(props),
      ...rollback(props),
      ...deleteRestored(props.topicArn),
      ...reportFailure(props.topicArn, props.runbookUrl, "The live cluster was not changed. "),
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
      next: "IsTimeInBackups",
      onError: FAILED,
    }),
    IsTimeInBackups: {
      Type: "Choice",
      Choices: [
        { Not: { Variable: "$.live.cluster.EarliestRestorableTime", IsPresent: true }, Next: "FailNoBackup" },
        { Variable: "$.to", TimestampLessThanPath: "$.live.cluster.EarliestRestorableTime", Next: "FailTooOld" },
        { Variable: "$.to", TimestampGreaterThanPath: "$.live.cluster.LatestRestorableTime", Next: "FailTooNew" },
      ],
      Default: "NameRestoredCluster",
    },
    FailNoBackup: failWith(
      "Rewind.NoBackup",
      "The cluster has no backup. A secondary cluster of a global database gets backups only after its promotion. Nothing was changed.",
      FAILED,
    ),
    FailTooOld: failTooOld("$.live.cluster.EarliestRestorableTime"),
    FailTooNew: failTooNew("$.live.cluster.LatestRestorableTime"),
  };
}

/** Compares the restored cluster with the live one. The data themselves are left to an operator to check. Begins at `ResetRestoredClusterAttempts`. */
function checkRestored({ template, password, serviceUser, topicArn }: RestoreProps): Record<string, State> {
  const members = "$.described.cluster.DbClusterMembers";
  return {
    ...poll({
      name: "RestoredCluster",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: SETTLE_HOURS,
      progress: progress(topicArn, "The restored cluster"),
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
      Next: "VerifyRestoredCluster",
    },
    VerifyRestoredCluster: {
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
          Next: password ? "SetPassword" : afterPassword(serviceUser),
        },
      ],
      Default: "FailVerification",
    },
    FailVerification: failWith(
      "Rewind.VerificationFailed",
      text(
        "The restored cluster {} does not match the live cluster: status {}, version {}, {} instances, {} of them writers.",
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

/** Before the switch, because new tasks use the password of the secret. */
function setRestoredPassword({ password, serviceUser, topicArn }: RestoreProps): Record<string, State> {
  if (!password) return {};
  return setPassword({
    functionArn: password.functionArn,
    payload: { "clusterIdentifier.$": "$.restored.identifier" },
    intervalSeconds: POLL_SECONDS,
    progress: progress(topicArn, "The change of the password"),
    describe: describeRestored,
    clusterPath: "$.described.cluster",
    next: afterPassword(serviceUser),
    onFailure: "DeleteInstances",
  });
}

/** Before the switch, because new tasks connect as this user. Continues at `FindLiveClusterAgain`. */
function setRestoredServiceUser({ serviceUser }: RestoreProps): Record<string, State> {
  if (!serviceUser) return {};
  return setServiceUser({
    ...serviceUser,
    clusterPath: "$.described.cluster",
    next: "FindLiveClusterAgain",
    onFailure: "DeleteInstances",
  });
}

function afterPassword(serviceUser: RestoreProps["serviceUser"]): string {
  return serviceUser ? "SetServiceUser" : "FindLiveClusterAgain";
}
