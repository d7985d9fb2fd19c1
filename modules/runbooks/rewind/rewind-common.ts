import type { Progress } from "../poll";
import { FAIL, FAILURE, failWith, type State, text } from "../states";
import { call, notify } from "../tasks";

/** Messages while a rewind waits. */
export function progress(topicArn: string, waitsFor: string): Progress {
  return { topicArn, subject: "database rewind", everyMinutes: 4, waitsFor };
}

/** The state that reports every failure. */
export const FAILED = "NotifyFailure";

/**
 * The first states of every rewind. The input is `{ "to": "2026-11-21T07:30:00Z" }`, a time in UTC. An invalid input ends
 * the execution before any call. Begins at `ValidateInput`.
 */
export function checkInput(next: string): Record<string, State> {
  return {
    ValidateInput: {
      Type: "Choice",
      Choices: [
        {
          And: [
            { Variable: "$.to", IsPresent: true },
            { Variable: "$.to", IsTimestamp: true },
            { Variable: "$.to", StringMatches: "*Z" },
          ],
          Next: next,
        },
      ],
      Default: "FailInvalidInput",
    },
    FailInvalidInput: {
      Type: "Pass",
      Parameters: {
        to: "an invalid time",
        failure: {
          Error: "Rewind.InvalidInput",
          Cause: 'The input must be { "to": "<time>" } with a time in UTC, for example 2026-11-21T07:30:00Z. Nothing was changed.',
        },
      },
      Next: FAILED,
    },
  };
}

/** The last states of every failure. @param note sentence after the reason, with a space at its end */
export function reportFailure(topicArn: string, runbookUrl: string, note = ""): Record<string, State> {
  return {
    [FAILED]: notify(
      topicArn,
      "FAILED: database rewind",
      text(`CRITICAL: the rewind to {} failed: {} {} ${note}Runbook: ${runbookUrl}`, "$.to", `${FAILURE}.Error`, `${FAILURE}.Cause`),
      "Failed",
    ),
    Failed: FAIL,
  };
}

/** @param earliestPath path of the earliest time */
export function failTooOld(earliestPath: string): State {
  return failWith(
    "Rewind.TooOld",
    text("{} is too old: the earliest possible time is {}. Nothing was changed.", "$.to", earliestPath),
    FAILED,
  );
}

/** @param latestPath path of the latest time */
export function failTooNew(latestPath: string): State {
  return failWith("Rewind.TooNew", text("{} is too new: the latest possible time is {}. Nothing was changed.", "$.to", latestPath), FAILED);
}

interface ClusterQuery {
  /** The cluster, as a parameter of the call: `DbClusterIdentifier`, or `DbClusterIdentifier.$` with a path. */
  readonly identifier: Readonly<Record<string, string>>;
  /** Path at which the result is stored, as `{ cluster }`. */
  readonly resultPath: string;
  readonly next: string;
  readonly onError: string;
}

/** Reads a cluster. */
export function describeCluster({ identifier, resultPath, next, onError }: ClusterQuery): State {
  return call("rds", "describeDBClusters", identifier, {
    result: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: resultPath },
    next,
    catchers: [{ next: onError }],
  });
}
