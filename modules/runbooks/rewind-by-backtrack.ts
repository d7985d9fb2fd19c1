import { checkInput, FAILED, refuseTooNew, refuseTooOld } from "./rewind-input";
import { call, type Definition, FAIL, FAILURE, refuse, tell, text, wait } from "./states";

export interface RewindByBacktrackProps {
  readonly topicArn: string;
  readonly clusterIdentifier: string;
  /** Where the runbook for people is. */
  readonly runbookUrl: string;
}

const POLL_SECONDS = 10;
/** A backtrack takes minutes. */
const LONGEST_HOURS = 4;
const MOST_TRIES = (LONGEST_HOURS * 3600) / POLL_SECONDS;

/**
 * Takes the data of an Aurora MySQL cluster back to a given second, in place. Connections are dropped and the database
 * pauses for a moment. Whoever rewound too far goes forward again by the same way.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_BacktrackDBCluster.html
 */
export function rewindByBacktrack({ topicArn, clusterIdentifier, runbookUrl }: RewindByBacktrackProps): Definition {
  const cluster = { DbClusterIdentifier: clusterIdentifier };
  const earliest = "$.live.cluster.EarliestBacktrackTime";
  return {
    Comment: "Takes the data of the cluster back to a given second, in place",
    StartAt: "IsTimeGiven",
    TimeoutSeconds: (LONGEST_HOURS + 1) * 3600,
    States: {
      ...checkInput("DescribeCluster"),
      DescribeCluster: call("rds", "describeDBClusters", cluster, {
        keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.live" },
        then: "IsTimeInWindow",
        caught: [{ on: FAILED }],
      }),
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
        text("The database is being taken back to {}, in place: connections are dropped.", "$.to"),
        "Backtrack",
      ),
      Backtrack: call(
        "rds",
        "backtrackDBCluster",
        { ...cluster, "BacktrackTo.$": "$.to", UseEarliestTimeOnPointInTimeUnavailable: false },
        {
          keep: {
            ResultSelector: { "identifier.$": "$.BacktrackIdentifier", "from.$": "$.BacktrackedFrom", tries: 0 },
            ResultPath: "$.backtrack",
          },
          then: "WaitForBacktrack",
          caught: [{ on: FAILED }],
        },
      ),
      WaitForBacktrack: wait(POLL_SECONDS, "DescribeBacktrack"),
      DescribeBacktrack: call(
        "rds",
        "describeDBClusterBacktracks",
        { ...cluster, "BacktrackIdentifier.$": "$.backtrack.identifier" },
        {
          keep: { ResultSelector: { "status.$": "$.DbClusterBacktracks[0].Status" }, ResultPath: "$.described" },
          then: "CountTry",
          caught: [{ on: FAILED }],
        },
      ),
      CountTry: {
        Type: "Pass",
        Parameters: {
          "identifier.$": "$.backtrack.identifier",
          "from.$": "$.backtrack.from",
          "tries.$": "States.MathAdd($.backtrack.tries, 1)",
        },
        ResultPath: "$.backtrack",
        Next: "IsBacktrackDone",
      },
      IsBacktrackDone: {
        Type: "Choice",
        Choices: [
          { Variable: "$.described.status", StringEquals: "completed", Next: "InspectCluster" },
          { Variable: "$.described.status", StringEquals: "failed", Next: "RefuseBacktrack" },
          { Variable: "$.backtrack.tries", NumericGreaterThanEquals: MOST_TRIES, Next: "RefuseBacktrack" },
        ],
        Default: "WaitForBacktrack",
      },
      RefuseBacktrack: refuse("Rewind.BacktrackFailed", text("The backtrack is {}.", "$.described.status"), FAILED),
      InspectCluster: call("rds", "describeDBClusters", cluster, {
        keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.live" },
        then: "IsClusterWell",
        caught: [{ on: FAILED }],
      }),
      IsClusterWell: {
        Type: "Choice",
        Choices: [{ Variable: "$.live.cluster.Status", StringEquals: "available", Next: "TellDone" }],
        Default: "RefuseCluster",
      },
      RefuseCluster: refuse(
        "Rewind.VerificationFailed",
        text("The backtrack is done, but the cluster is {}.", "$.live.cluster.Status"),
        FAILED,
      ),
      TellDone: tell(
        topicArn,
        "DONE: rewind of the database",
        text(`The database is as it was at {}. To undo it, rewind to {}. What to do next: ${runbookUrl}`, "$.to", "$.backtrack.from"),
        "Done",
      ),
      Done: { Type: "Succeed" },
      TellFailure: tell(
        topicArn,
        "FAILED: rewind of the database",
        text(`CRITICAL: the rewind to {} failed: {} {} Runbook: ${runbookUrl}`, "$.to", `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}
