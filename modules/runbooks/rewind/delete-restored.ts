import { END, forEach, type State, text } from "../states";
import { call, notify } from "../tasks";
import { INSTANCE_HOURS, RESTORE_HOURS } from "./restore-common";
import { FAILED } from "./rewind-common";

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
            pending: { error: "Rds.InvalidDbInstanceStateException", minutes: INSTANCE_HOURS * 60 },
            catchers: [{ next: "SkipInstance", resultPath: "$.deletionError" }],
          },
        ),
        SkipInstance: { Type: "Succeed" },
      },
      next: "DeleteCluster",
    }),
    DeleteCluster: call(
      "rds",
      "deleteDBCluster",
      { "DbClusterIdentifier.$": "$.restored.identifier", SkipFinalSnapshot: true },
      {
        next: FAILED,
        // A cluster can be deleted only after its creation has ended.
        pending: { error: "Rds.InvalidDbClusterStateException", minutes: RESTORE_HOURS * 60 },
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
        "CRITICAL: the restored cluster {} could not be deleted and continues to incur costs: {} {}",
        "$.restored.identifier",
        "$.deletionError.Error",
        "$.deletionError.Cause",
      ),
      FAILED,
    ),
  };
}
