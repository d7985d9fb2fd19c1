import { checkInput, FAILED, failure, refuseTooNew, refuseTooOld } from "./rewind-common";
import { call, type Definition, poll, refuse, type State, tell, text } from "../states";

export interface RewindByBacktrackProps {
  readonly topicArn: string;
  readonly clusterIdentifier: string;
  /** Where the runbook for people is. */
  readonly runbookUrl: string;
}

const POLL_SECONDS = 30;
/** A backtrack takes minutes. */
const LONGEST_HOURS = 4;
const SETTLE_HOURS = 0.5;

/**
 * Takes the data of an Aurora MySQL cluster back to a given second, in place. Connections are dropped and the database
 * pauses for a moment. Whoever rewound too far goes forward again by the same way.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_BacktrackDBCluster.html
 */
export function rewindByBacktrack({ topicArn, clusterIdentifier, runbookUrl }: RewindByBacktrackProps): Definition {
  const cluster = { DbClusterIdentifier: clusterIdentifier };
  const describe = (then: string): State =>
    call("rds", "describeDBClusters", cluster, {
      keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.live" },
      then,
      caught: [{ on: FAILED }],
    });
  const earliest = "$.live.cluster.EarliestBacktrackTime";
  return {
    Comment: "Takes the data of the cluster back to a given second, in place",
    StartAt: "IsTimeGiven",
    TimeoutSeconds: (LONGEST_HOURS + SETTLE_HOURS + 1) * 3600,
    States: {
      ...checkInput("InspectCluster"),
      InspectCluster: describe("IsTimeInWindow"),
      IsTimeInWindow: {
        Type: "Choice",
        Choices: [
          { Not: { Variable: earliest, IsPresent: true }, Next: "RefuseWithoutBacktrack" },
          { Variable: "$.to", TimestampLessThanPath: earliest, Next: "RefuseTooOld" },
          { Variable: "$.to", TimestampGreaterThanPath: "$$.State.EnteredTime", Next: "RefuseTooNew" },
        ],
        Default: "TellStart",
      },
      RefuseWithoutBacktrack: refuse("Rewind.NoBacktrack", "The cluster has no backtrack window. Nothing was changed.", FAILED),
      RefuseTooOld: refuseTooOld(earliest),
      RefuseTooNew: refuseTooNew("$$.State.EnteredTime"),
      TellStart: tell(
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
          keep: {
            ResultSelector: { "identifier.$": "$.BacktrackIdentifier", "from.$": "$.BacktrackedFrom" },
            ResultPath: "$.backtrack",
          },
          then: "AwaitBacktrack",
          caught: [{ on: FAILED }],
        },
      ),
      ...poll({
        what: "Backtrack",
        everySeconds: POLL_SECONDS,
        hours: LONGEST_HOURS,
        ask: (then) =>
          call(
            "rds",
            "describeDBClusterBacktracks",
            { ...cluster, "BacktrackIdentifier.$": "$.backtrack.identifier" },
            {
              keep: { ResultSelector: { "status.$": "$.DbClusterBacktracks[0].Status" }, ResultPath: "$.described" },
              then,
              caught: [{ on: FAILED }],
            },
          ),
        status: "$.described.status",
        until: "completed",
        unless: "failed",
        then: "AwaitCluster",
        giveUp: "RefuseBacktrack",
      }),
      RefuseBacktrack: refuse("Rewind.BacktrackFailed", text("The backtrack is {}.", "$.described.status"), FAILED),
      // The instances restart after a backtrack.
      ...poll({
        what: "Cluster",
        everySeconds: POLL_SECONDS,
        hours: SETTLE_HOURS,
        ask: describe,
        status: "$.live.cluster.Status",
        until: "available",
        unless: "*fail*",
        then: "TellDone",
        giveUp: "RefuseCluster",
      }),
      RefuseCluster: refuse(
        "Rewind.VerificationFailed",
        text("The backtrack is done, but the cluster is {}.", "$.live.cluster.Status"),
        FAILED,
      ),
      TellDone: tell(
        topicArn,
        "DONE: rewind of the database",
        text(`INFO: the database is as it was at {}. To undo it, rewind to {}. What to do next: ${runbookUrl}`, "$.to", "$.backtrack.from"),
        "Done",
      ),
      Done: { Type: "Succeed" },
      ...failure(topicArn, runbookUrl),
    },
  };
}
