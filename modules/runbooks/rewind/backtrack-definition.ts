import { poll } from "../poll";
import type { RunbookContext } from "../runbook";
import { type Definition, failWith, type State, text } from "../states";
import { call, notify } from "../tasks";
import { checkInput, describeCluster, FAILED, failTooNew, failTooOld, reportFailure } from "./rewind-common";

export interface BacktrackProps extends RunbookContext {
  readonly clusterIdentifier: string;
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
    Comment: "Takes the data of the cluster back to a given second, in place",
    StartAt: "IsTimeGiven",
    TimeoutSeconds: (BACKTRACK_HOURS + RESTART_HOURS + 1) * 3600,
    States: {
      ...checkInput("InspectCluster"),
      ...checkWindow(props),
      ...backtrack(props),
      ...awaitRestart(props),
      ...notifyDone(props),
      ...reportFailure(props.topicArn, props.runbookUrl),
    },
  };
}

/** Checks that the backtrack window includes the time. Begins at `InspectCluster`. */
function checkWindow(props: BacktrackProps): Record<string, State> {
  const earliest = "$.live.cluster.EarliestBacktrackTime";
  return {
    InspectCluster: describeLive(props, "IsTimeInWindow"),
    IsTimeInWindow: {
      Type: "Choice",
      Choices: [
        { Not: { Variable: earliest, IsPresent: true }, Next: "RefuseWithoutBacktrack" },
        { Variable: "$.to", TimestampLessThanPath: earliest, Next: "RefuseTooOld" },
        { Variable: "$.to", TimestampGreaterThanPath: "$$.State.EnteredTime", Next: "RefuseTooNew" },
      ],
      Default: "TellStart",
    },
    RefuseWithoutBacktrack: failWith("Rewind.NoBacktrack", "The cluster has no backtrack window. Nothing was changed.", FAILED),
    RefuseTooOld: failTooOld(earliest),
    RefuseTooNew: failTooNew("$$.State.EnteredTime"),
  };
}

function backtrack({ topicArn, clusterIdentifier }: BacktrackProps): Record<string, State> {
  const cluster = { DbClusterIdentifier: clusterIdentifier };
  return {
    TellStart: notify(
      topicArn,
      "STARTED: rewind of the database",
      text("WARNING: the database is being taken back to {}, in place: connections are dropped.", "$.to"),
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
        next: "AwaitBacktrack",
        catchers: [{ next: FAILED }],
      },
    ),
    ...poll({
      name: "Backtrack",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: BACKTRACK_HOURS,
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
      onSuccess: "AwaitCluster",
      onFailure: "RefuseBacktrack",
    }),
    RefuseBacktrack: failWith("Rewind.BacktrackFailed", text("The backtrack is {}.", "$.described.status"), FAILED),
  };
}

function awaitRestart(props: BacktrackProps): Record<string, State> {
  return {
    ...poll({
      name: "Cluster",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: RESTART_HOURS,
      describe: (next) => describeLive(props, next),
      statusPath: "$.live.cluster.Status",
      successStatus: "available",
      failurePattern: "*fail*",
      onSuccess: "TellDone",
      onFailure: "RefuseCluster",
    }),
    RefuseCluster: failWith(
      "Rewind.VerificationFailed",
      text("The backtrack is done, but the cluster is {}.", "$.live.cluster.Status"),
      FAILED,
    ),
  };
}

function notifyDone({ topicArn, runbookUrl }: BacktrackProps): Record<string, State> {
  return {
    TellDone: notify(
      topicArn,
      "DONE: rewind of the database",
      text(`INFO: the database is as it was at {}. To undo it, rewind to {}. What to do next: ${runbookUrl}`, "$.to", "$.backtrack.from"),
      "Done",
    ),
    Done: { Type: "Succeed" },
  };
}

function describeLive({ clusterIdentifier }: BacktrackProps, next: string): State {
  return describeCluster({ identifier: { DbClusterIdentifier: clusterIdentifier }, resultPath: "$.live", next, onError: FAILED });
}
