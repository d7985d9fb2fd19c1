import { END, forEach, type State, text } from "../states";
import { call, notify } from "../tasks";
import { FAILED } from "./rewind-common";

/**
 * Minutes of attempts while RDS still creates a resource and refuses its deletion. The execution sends no message meanwhile,
 * and it must not be silent for longer than 15 minutes. After that, on-call deletes what is left.
 */
const PENDING_MINUTES = 10;

/** Deletes the restored cluster and the instances that it has so far. Begins at `DeleteInstances`. */
export function deleteRestored(topicArn: string): Record<string, State> {
  return {
    DeleteInstances: forEach({
      itemsPath: "$.restored.instances",
      itemSelector: { "identifier.$": "States.Format('{}-{}', $.restored.identifier, $$.Map.Item.Value.suffix)" },
      states: {
        DeleteInstance: call(
          "rds",
          "deleteDBInstance",
          { "DbInstanceIdentifier.$": "$.identifier", SkipFinalSnapshot: true },
          {
            next: END,
            pending: { error: "Rds.InvalidDbInstanceStateException", minutes: PENDING_MINUTES },
            catchers: [{ next: "SkipInstance", resultPath: "$.deletionError" }],
          },
        ),
        SkipInstance: { Type: "Succeed" },
      },
      next: "NotifyDeletion",
    }),
    NotifyDeletion: notify(
      topicArn,
      "IN PROGRESS: database rewind",
      text("WARNING: the rewind has failed, and the restored cluster {} is being deleted.", "$.restored.identifier"),
      "DeleteCluster",
    ),
    DeleteCluster: call(
      "rds",
      "deleteDBCluster",
      { "DbClusterIdentifier.$": "$.restored.identifier", SkipFinalSnapshot: true },
      {
        next: FAILED,
        // A cluster can be deleted only after its creation has ended.
        pending: { error: "Rds.InvalidDbClusterStateException", minutes: PENDING_MINUTES },
        catchers: [
          { next: FAILED, errors: ["Rds.DbClusterNotFoundException"], resultPath: "$.deletionError" },
          { next: "NotifyLeftBehind", resultPath: "$.deletionError" },
        ],
      },
    ),
    NotifyLeftBehind: notify(
      topicArn,
      "LEFT BEHIND: restored database",
      text(
        "CRITICAL: the restored cluster {} could not be deleted and continues to incur costs: {} {} When it has no instance any more, run: aws rds delete-db-cluster --db-cluster-identifier {} --skip-final-snapshot #",
        "$.restored.identifier",
        "$.deletionError.Error",
        "$.deletionError.Cause",
        "$.restored.identifier",
      ),
      FAILED,
    ),
  };
}
