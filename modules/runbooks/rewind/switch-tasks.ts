import { putParameters, redeployServices, replaceTasks } from "../service-states";
import { failWith, type State, text } from "../states";
import { call, notify } from "../tasks";
import type { RestoreProps } from "./restore-common";
import { FAILED } from "./rewind-common";

/** Switches the tasks to the restored cluster: new tasks read the parameters at their start. Begins at `FindLiveClusterAgain`. */
export function switchTasks(props: RestoreProps): Record<string, State> {
  const { parameters, services, template } = props;
  return {
    // Another rewind may have switched the tasks in the meantime.
    FindLiveClusterAgain: call(
      "ssm",
      "getParameter",
      { Name: parameters.identifier },
      {
        result: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.again" },
        next: "IsLiveClusterTheSame",
        catchers: [{ next: "DeleteInstances" }],
      },
    ),
    IsLiveClusterTheSame: {
      Type: "Choice",
      Choices: [{ Variable: "$.again.identifier", StringEqualsPath: "$.live.cluster.DbClusterIdentifier", Next: "ListParameters" }],
      Default: "RefuseOvertaken",
    },
    RefuseOvertaken: failWith(
      "Rewind.Overtaken",
      text("Another rewind has led the tasks to {} in the meantime.", "$.again.identifier"),
      "DeleteInstances",
    ),
    ListParameters: {
      Type: "Pass",
      Parameters: {
        before: parameterValues(props, "$.live.cluster"),
        after: parameterValues(props, "$.described.cluster"),
        services,
      },
      ResultPath: "$.led",
      Next: "LeadToRestored",
    },
    LeadToRestored: putParameters("$.led.after", "PutNewValue", { next: "ReplaceTasks", catcher: { next: "LeadBack" } }),
    ReplaceTasks: replaceTasks({
      servicesPath: "$.led.services",
      error: "Rewind.TasksFailed",
      // An operator may keep the services at zero tasks until the data are checked.
      requireRunning: false,
      resultPath: "$.replaced",
      next: template.deletionProtection ? "ProtectRestored" : "TellDone",
      catcher: { next: "LeadBack" },
    }),
    ...(template.deletionProtection && {
      ProtectRestored: call(
        "rds",
        "modifyDBCluster",
        { "DbClusterIdentifier.$": "$.restored.identifier", DeletionProtection: true, ApplyImmediately: true },
        // The tasks use the cluster already: a missing deletion protection is no reason to roll back.
        { next: "TellDone", catchers: [{ next: "TellDone" }] },
      ),
    }),
    ...notifyDone(props),
  };
}

/** @param clusterPath path of the cluster, as RDS describes it */
function parameterValues({ parameters }: RestoreProps, clusterPath: string): object[] {
  return [
    { Name: parameters.writer, "Value.$": `${clusterPath}.Endpoint` },
    { Name: parameters.reader, "Value.$": `${clusterPath}.ReaderEndpoint` },
    { Name: parameters.identifier, "Value.$": `${clusterPath}.DbClusterIdentifier` },
  ];
}

function notifyDone({ topicArn, replicated, runbookUrl }: RestoreProps): Record<string, State> {
  const standbys = replicated
    ? "The standby regions still hold the data that were rewound: keep clients from being led there, as the runbook says. "
    : "";
  return {
    TellDone: notify(
      topicArn,
      "DONE: rewind of the database",
      text(
        `INFO: the tasks use {}, as the data were at {}. The old cluster {} is kept; writes that reached it in the meantime are there. Alarms and backups still follow the old one. ${standbys}What to do next: ${runbookUrl}`,
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
 * kept, and on-call is notified. Begins at `LeadBack`.
 */
export function rollback({ topicArn, parameters }: RestoreProps): Record<string, State> {
  return {
    LeadBack: putParameters("$.led.before", "PutOldValue", {
      next: "RollTasksBack",
      catcher: { next: "TellLedHalfway", resultPath: "$.ledBack" },
    }),
    RollTasksBack: redeployServices("$.led.services", { next: "TellKept", catcher: { next: "TellKept", resultPath: "$.rolledBack" } }),
    TellKept: notify(
      topicArn,
      "KEPT: a restored database",
      text(
        "WARNING: the tasks are being led back to {}. The restored cluster {} may hold what they wrote in the meantime: it is kept, and costs, until you delete it.",
        "$.live.cluster.DbClusterIdentifier",
        "$.restored.identifier",
      ),
      FAILED,
    ),
    TellLedHalfway: notify(
      topicArn,
      "HALFWAY: rewind of the database",
      text(
        `CRITICAL: parameters could be led neither to {} nor back to {}. Put them right by hand: ${Object.values(parameters).join(", ")}. Nothing was deleted.`,
        "$.restored.identifier",
        "$.live.cluster.DbClusterIdentifier",
      ),
      FAILED,
    ),
  };
}
