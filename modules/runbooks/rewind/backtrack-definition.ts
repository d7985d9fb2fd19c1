import { poll } from "../poll";
import type { RunbookContext } from "../runbook";
import { type Definition, failWith, type State, text } from "../states";
import { call, notify } from "../tasks";
import { checkInput, describeCluster, FAILED, failTooNew, failTooOld, progress, reportFailure } from "./rewind-common";
import { PASSWORD_HOURS, type PasswordSettings, setPassword } from "./set-password";
import { SERVICE_USER_HOURS, type ServiceUserSettings, setServiceUser } from "./set-service-user";

export interface BacktrackProps extends RunbookContext {
  /** Identifier of the cluster that is rewound in place. */
  readonly clusterIdentifier: string;
  /** Undefined where RDS manages the password. */
  readonly password: PasswordSettings | undefined;
  /** Settings of the database user of the services. Undefined without one. */
  readonly serviceUser: ServiceUserSettings | undefined;
}

const POLL_SECONDS = 30;
/** A backtrack takes minutes. */
const BACKTRACK_HOURS = 4;
/** Longest time for the instances to restart after a backtrack. */
const RESTART_HOURS = 0.5;

/**
 * Rewinds an Aurora MySQL cluster in place, by backtrack. Connections are dropped and the database pauses for a moment. A
 * rewind that went too far is undone by another one, to a later time.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_BacktrackDBCluster.html
 */
export function backtrackDefinition(props: BacktrackProps): Definition {
  return {
    Comment: "Rewinds the data of the cluster to a given time, in place",
    StartAt: "ValidateInput",
    TimeoutSeconds: (BACKTRACK_HOURS + RESTART_HOURS + PASSWORD_HOURS + (props.serviceUser ? SERVICE_USER_HOURS : 0) + 1) * 3600,
    States: {
      ...checkInput("DescribeLiveCluster"),
      ...checkWindow(props),
      ...backtrack(props),
      ...awaitRestart(props),
      ...restorePassword(props),
      ...restoreServiceUser(props),
      ...notifyDone(props),
      ...reportFailure(props.topicArn, props.runbookUrl),
    },
  };
}

/** Checks that the backtrack window includes the time. Begins at `DescribeLiveCluster`. */
function checkWindow(props: BacktrackProps): Record<string, State> {
  const earliest = "$.live.cluster.EarliestBacktrackTime";
  return {
    DescribeLiveCluster: describeLive(props, "IsTimeInWindow"),
    IsTimeInWindow: {
      Type: "Choice",
      Choices: [
        { Not: { Variable: earliest, IsPresent: true }, Next: "FailNoBacktrackWindow" },
        { Variable: "$.to", TimestampLessThanPath: earliest, Next: "FailTooOld" },
        { Variable: "$.to", TimestampGreaterThanPath: "$$.State.EnteredTime", Next: "FailTooNew" },
      ],
      Default: "NotifyStart",
    },
    FailNoBacktrackWindow: failWith("Rewind.NoBacktrack", "The cluster has no backtrack window. Nothing was changed.", FAILED),
    FailTooOld: failTooOld(earliest),
    FailTooNew: failTooNew("$$.State.EnteredTime"),
  };
}

function backtrack({ topicArn, clusterIdentifier }: BacktrackProps): Record<string, State> {
  const cluster = { DbClusterIdentifier: clusterIdentifier };
  return {
    NotifyStart: notify(
      topicArn,
      "STARTED: database rewind",
      text("WARNING: the rewind of the database to {} has started, in place. Connections are dropped.", "$.to"),
      "Backtrack",
    ),
    Backtrack: call(
      "rds",
      "backtrackDBCluster",
      { ...cluster, "BacktrackTo.$": "$.to", UseEarliestTimeOnPointInTimeUnavailable: false },
      {
        result: {
          ResultSelector: { "identifier.$": "$.BacktrackIdentifier", "from.$": "$.BacktrackedFrom" },
          ResultPath: "$.backtrack",
        },
        next: "ResetBacktrackAttempts",
        catchers: [{ next: FAILED }],
      },
    ),
    ...poll({
      name: "Backtrack",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: BACKTRACK_HOURS,
      progress: progress(topicArn, "The backtrack"),
      describe: (next) =>
        call(
          "rds",
          "describeDBClusterBacktracks",
          { ...cluster, "BacktrackIdentifier.$": "$.backtrack.identifier" },
          {
            result: { ResultSelector: { "status.$": "$.DbClusterBacktracks[0].Status" }, ResultPath: "$.described" },
            next,
            catchers: [{ next: FAILED }],
          },
        ),
      statusPath: "$.described.status",
      successStatus: "completed",
      failurePattern: "failed",
      onSuccess: "ResetClusterAttempts",
      onFailure: "FailBacktrack",
    }),
    FailBacktrack: failWith(
      "Rewind.BacktrackFailed",
      text("The backtrack is not complete: its status is {}.", "$.described.status"),
      FAILED,
    ),
  };
}

function awaitRestart(props: BacktrackProps): Record<string, State> {
  return {
    ...poll({
      name: "Cluster",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: RESTART_HOURS,
      progress: progress(props.topicArn, "The restart of the instances"),
      describe: (next) => describeLive(props, next),
      statusPath: "$.live.cluster.Status",
      successStatus: "available",
      failurePattern: "*fail*",
      onSuccess: props.password ? "SetPassword" : afterPassword(props),
      onFailure: "FailCluster",
    }),
    FailCluster: failWith(
      "Rewind.VerificationFailed",
      text("The backtrack is complete, but the cluster is not available: its status is {}.", "$.live.cluster.Status"),
      FAILED,
    ),
  };
}

/** A backtrack over a change of the password also undoes that change. */
function restorePassword(props: BacktrackProps): Record<string, State> {
  const { topicArn, region, clusterIdentifier, password } = props;
  if (!password) return {};
  const secret = `aws secretsmanager get-secret-value --region ${region} --secret-id ${password.secretArn} --query SecretString --output text`;
  const command = `aws rds modify-db-cluster --region ${region} --db-cluster-identifier ${clusterIdentifier} --apply-immediately --master-user-password "$(${secret} | jq -r .password)"`;
  return {
    ...setPassword({
      functionArn: password.functionArn,
      payload: { clusterIdentifier },
      intervalSeconds: POLL_SECONDS,
      progress: progress(props.topicArn, "The change of the password"),
      describe: (next) => describeLive(props, next, "NotifyPasswordNotSet"),
      clusterPath: "$.live.cluster",
      next: afterPassword(props),
      onFailure: "NotifyPasswordNotSet",
    }),
    NotifyPasswordNotSet: notify(
      topicArn,
      "PASSWORD NOT SET: database rewind",
      text(
        `CRITICAL: the database has the data of {}, but perhaps the password of that time, with which no task can connect. Set the password of the secret manually: ${command}`,
        "$.to",
      ),
      FAILED,
    ),
  };
}

function afterPassword({ serviceUser }: BacktrackProps): string {
  return serviceUser ? "SetServiceUser" : "NotifyDone";
}

/** A backtrack over a change of the user of the services also undoes that change. */
function restoreServiceUser({ topicArn, region, serviceUser }: BacktrackProps): Record<string, State> {
  if (!serviceUser) return {};
  const command = `aws lambda invoke --region ${region} --function-name ${serviceUser.functionArn} /dev/stdout`;
  return {
    ...setServiceUser({ ...serviceUser, clusterPath: "$.live.cluster", next: "NotifyDone", onFailure: "NotifyServiceUserNotSet" }),
    NotifyServiceUserNotSet: notify(
      topicArn,
      "SERVICE USER NOT SET: database rewind",
      text(
        `CRITICAL: the database has the data of {}, but perhaps not the user of the services, or its password of that time, with which no task can connect. Set the user manually: ${command}`,
        "$.to",
      ),
      FAILED,
    ),
  };
}

function notifyDone({ topicArn, runbookUrl }: BacktrackProps): Record<string, State> {
  return {
    NotifyDone: notify(
      topicArn,
      "DONE: database rewind",
      text(`INFO: the database has the data of {}. To undo this, rewind to {}. Next steps: ${runbookUrl}`, "$.to", "$.backtrack.from"),
      "Done",
    ),
    Done: { Type: "Succeed" },
  };
}

function describeLive({ clusterIdentifier }: BacktrackProps, next: string, onError = FAILED): State {
  return describeCluster({ identifier: { DbClusterIdentifier: clusterIdentifier }, resultPath: "$.live", next, onError });
}
