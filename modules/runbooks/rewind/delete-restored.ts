import { END, forEach, type State, text } from "../states";
import { call, notify } from "../tasks";
import { INSTANCE_HOURS, RESTORE_HOURS } from "./restore-common";
import { FAILED } from "./rewind-common";

/** Deletes the restored cluster and the instances that it has so far. Begins at `DeleteInstances`. */
export function deleteRestored(topicArn: string): Record<string, State> {
  return {
    DeleteInstances: forEach({
      itemsPath: "$.restored.places",
      itemSelector: { "identifier.$": "States.Format('{}-{}', $.restored.identifier, $$.Map.Item.Value.suffix)" },
      states: {
        DeleteInstance: call(
          "rds",
          "deleteDBInstance",
          { "DbInstanceIdentifier.$": "$.identifier", SkipFinalSnapshot: true },
          {
            next: END,
            pending: { error: "Rds.InvalidDbInstanceStateException", minutes: INSTANCE_HOURS * 60 },
            catchers: [{ next: "NoInstance", resultPath: "$.undeleted" }],
          },
        ),
        NoInstance: { Type: "Succeed" },
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
          { next: FAILED, errors: ["Rds.DbClusterNotFoundException"], resultPath: "$.undeleted" },
          { next: "TellLeftBehind", resultPath: "$.undeleted" },
        ],
      },
    ),
    TellLeftBehind: notify(
      topicArn,
      "LEFT BEHIND: a restored database",
      text(
        "The restored cluster {} could not be deleted and goes on costing: {} {}",
        "$.restored.identifier",
        "$.undeleted.Error",
        "$.undeleted.Cause",
      ),
      FAILED,
    ),
  };
}
