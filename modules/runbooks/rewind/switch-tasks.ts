import { putParameters, redeployServices, replaceTasks } from "../service-states";
import { failWith, type State, text } from "../states";
import { call, notify } from "../tasks";
import type { RestoreProps } from "./restore-common";
import { FAILED, progress } from "./rewind-common";

/** Switches the tasks to the restored cluster: new tasks read the parameters at their start. Begins at `FindLiveClusterAgain`. */
export function switchTasks(props: RestoreProps): Record<string, State> {
  const { parameters, services, template, topicArn } = props;
  return {
    // Another rewind may have switched the tasks in the meantime.
    FindLiveClusterAgain: call(
      "ssm",
      "getParameter",
      { Name: parameters.identifier },
      {
        result: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.current" },
        next: "IsLiveClusterUnchanged",
        catchers: [{ next: "DeleteInstances" }],
      },
    ),
    IsLiveClusterUnchanged: {
      Type: "Choice",
      Choices: [{ Variable: "$.current.identifier", StringEqualsPath: "$.live.cluster.DbClusterIdentifier", Next: "ReadWriterParameter" }],
      Default: "FailSuperseded",
    },
    FailSuperseded: failWith(
      "Rewind.Superseded",
      text("Another rewind has switched the tasks to {} in the meantime.", "$.current.identifier"),
      "DeleteInstances",
    ),
    // In a global database, the writer's host name is not that of the cluster.
    ReadWriterParameter: readParameter(parameters.writer, "$.present.writer", "ReadReaderParameter"),
    ReadReaderParameter: readParameter(parameters.reader, "$.present.reader", "PrepareParameters"),
    PrepareParameters: {
      Type: "Pass",
      Parameters: {
        before: [
          { Name: parameters.writer, "Value.$": "$.present.writer.value" },
          { Name: parameters.reader, "Value.$": "$.present.reader.value" },
          { Name: parameters.identifier, "Value.$": "$.current.identifier" },
        ],
        after: [
          { Name: parameters.writer, "Value.$": "$.described.cluster.Endpoint" },
          { Name: parameters.reader, "Value.$": "$.described.cluster.ReaderEndpoint" },
          { Name: parameters.identifier, "Value.$": "$.described.cluster.DbClusterIdentifier" },
        ],
        services,
      },
      ResultPath: "$.switch",
      Next: "SwitchToRestoredCluster",
    },
    SwitchToRestoredCluster: putParameters("$.switch.after", "PutNewParameter", {
      next: "ReplaceTasks",
      catcher: { next: "ReadFirstParameter" },
    }),
    // They are changed in their order: if the first is unchanged, no task can have found the restored cluster.
    ReadFirstParameter: call(
      "ssm",
      "getParameter",
      { "Name.$": "$.switch.after[0].Name" },
      {
        result: { ResultSelector: { "value.$": "$.Parameter.Value" }, ResultPath: "$.first" },
        next: "IsAnyParameterChanged",
        catchers: [{ next: "RollBackParameters", resultPath: "$.readError" }],
      },
    ),
    IsAnyParameterChanged: {
      Type: "Choice",
      Choices: [{ Variable: "$.first.value", StringEqualsPath: "$.switch.before[0].Value", Next: "DeleteInstances" }],
      Default: "RollBackParameters",
    },
    ReplaceTasks: replaceTasks({
      servicesPath: "$.switch.services",
      error: "Rewind.TasksFailed",
      progress: progress(topicArn, "The replacement of the tasks"),
      // An operator may keep the services at zero tasks until the data are checked.
      requireRunning: false,
      resultPath: "$.replacedTasks",
      next: template.deletionProtection ? "EnableDeletionProtection" : "NotifyDone",
      catcher: { next: "RollBackParameters" },
    }),
    ...(template.deletionProtection && {
      EnableDeletionProtection: call(
        "rds",
        "modifyDBCluster",
        { "DbClusterIdentifier.$": "$.restored.identifier", DeletionProtection: true, ApplyImmediately: true },
        // The tasks use the cluster already: missing deletion protection does not justify a rollback.
        { next: "NotifyDone", catchers: [{ next: "NotifyDone" }] },
      ),
    }),
    ...notifyDone(props),
  };
}

function readParameter(Name: string, ResultPath: string, next: string): State {
  return call(
    "ssm",
    "getParameter",
    { Name },
    { result: { ResultSelector: { "value.$": "$.Parameter.Value" }, ResultPath }, next, catchers: [{ next: "DeleteInstances" }] },
  );
}

function notifyDone({ topicArn, replicated, runbookUrl }: RestoreProps): Record<string, State> {
  const standbys = replicated
    ? "The standby regions still have the data from before the rewind: prevent a failover to them, as the runbook describes. "
    : "";
  return {
    NotifyDone: notify(
      topicArn,
      "DONE: database rewind",
      text(
        `INFO: the tasks use the cluster {} with the data of {}. The old cluster {} is kept, with the writes that it received in the meantime. Alarms and backups still cover the old cluster. ${standbys}Next steps: ${runbookUrl}`,
        "$.restored.identifier",
        "$.to",
        "$.live.cluster.DbClusterIdentifier",
      ),
      "Done",
    ),
    Done: { Type: "Succeed" },
  };
}

/**
 * Switches the tasks back. After the first change of a parameter, tasks may have written to the restored cluster: it is
 * kept, and on-call is notified. Begins at `RollBackParameters`.
 */
export function rollback({ topicArn, parameters }: RestoreProps): Record<string, State> {
  return {
    RollBackParameters: putParameters("$.switch.before", "PutOldParameter", {
      next: "RollBackTasks",
      catcher: { next: "NotifyHalfway", resultPath: "$.rollbackError" },
    }),
    RollBackTasks: redeployServices("$.switch.services", {
      next: "NotifyKept",
      catcher: { next: "NotifyKept", resultPath: "$.redeployError" },
    }),
    NotifyKept: notify(
      topicArn,
      "KEPT: restored database",
      text(
        "WARNING: the tasks are being switched back to {}. The restored cluster {} may contain writes from the meantime. It is kept, and incurs costs until it is deleted manually.",
        "$.live.cluster.DbClusterIdentifier",
        "$.restored.identifier",
      ),
      FAILED,
    ),
    NotifyHalfway: notify(
      topicArn,
      "HALFWAY: database rewind",
      text(
        `CRITICAL: the parameters could be switched neither to {} nor back to {}. Correct them manually: ${Object.values(parameters).join(", ")}. Nothing was deleted.`,
        "$.restored.identifier",
        "$.live.cluster.DbClusterIdentifier",
      ),
      FAILED,
    ),
  };
}
