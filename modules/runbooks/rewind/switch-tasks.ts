import { FAILED } from "./rewind-common";
import type { RestoredCluster } from "./restore-cluster";
import { putParameters, replaceTasks, rollTasksBack } from "../service-states";
import { call, refuse, type State, tell, text } from "../states";

export interface LeadTasksProps {
  /** Topic of the people on call. */
  readonly topicArn: string;
  readonly restored: RestoredCluster;
  /** Parameters in Systems Manager that tell which cluster is live, and where. */
  readonly parameters: { readonly identifier: string; readonly writer: string; readonly reader: string };
  /** The services whose tasks read those parameters when they start: all that use the database. */
  readonly services: readonly { readonly cluster: string; readonly name: string }[];
  /** Whether other regions replicate the live cluster, and so go on holding what was damaged. */
  readonly replicated: boolean;
  /** Where the runbook for people is. */
  readonly runbookUrl: string;
}

/** Leads the tasks to the restored cluster: new ones read the parameters when they start. Begins at `FindLiveClusterAgain`. */
export function leadTasks({ parameters, services, topicArn, restored, runbookUrl, replicated }: LeadTasksProps): Record<string, State> {
  const values = (cluster: string) => [
    { Name: parameters.writer, "Value.$": `${cluster}.Endpoint` },
    { Name: parameters.reader, "Value.$": `${cluster}.ReaderEndpoint` },
    { Name: parameters.identifier, "Value.$": `${cluster}.DbClusterIdentifier` },
  ];
  const standbys = replicated
    ? "The standby regions still hold the data that were rewound: keep clients from being led there, as the runbook says. "
    : "";
  return {
    // Another rewind may have led the tasks elsewhere in the meantime.
    FindLiveClusterAgain: call(
      "ssm",
      "getParameter",
      { Name: parameters.identifier },
      {
        keep: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.again" },
        then: "IsLiveClusterTheSame",
        caught: [{ on: "DeleteInstances" }],
      },
    ),
    IsLiveClusterTheSame: {
      Type: "Choice",
      Choices: [{ Variable: "$.again.identifier", StringEqualsPath: "$.live.cluster.DbClusterIdentifier", Next: "ListParameters" }],
      Default: "RefuseOvertaken",
    },
    RefuseOvertaken: refuse(
      "Rewind.Overtaken",
      text("Another rewind has led the tasks to {} in the meantime.", "$.again.identifier"),
      "DeleteInstances",
    ),
    ListParameters: {
      Type: "Pass",
      Parameters: { before: values("$.live.cluster"), after: values("$.described.cluster"), services },
      ResultPath: "$.led",
      Next: "LeadToRestored",
    },
    LeadToRestored: putParameters("$.led.after", "PutNewValue", { then: "ReplaceTasks", caught: { on: "LeadBack" } }),
    ReplaceTasks: replaceTasks(
      "$.led.services",
      "Rewind.TasksFailed",
      // Whoever rewinds may hold the services at no task until the data are looked at.
      false,
      { then: restored.deletionProtection ? "ProtectRestored" : "TellDone", caught: { on: "LeadBack" } },
      "$.replaced",
    ),
    ...(restored.deletionProtection && {
      ProtectRestored: call(
        "rds",
        "modifyDBCluster",
        { "DbClusterIdentifier.$": "$.restored.identifier", DeletionProtection: true, ApplyImmediately: true },
        // The tasks are there already: without protection is worse than with it, and better than going back.
        { then: "TellDone", caught: [{ on: "TellDone" }] },
      ),
    }),
    TellDone: tell(
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

/** Once a parameter was changed, tasks may have written to the restored cluster: it is kept, and somebody is told. */
export function leadBack({ topicArn, parameters }: LeadTasksProps): Record<string, State> {
  return {
    LeadBack: putParameters("$.led.before", "PutOldValue", { then: "RollTasksBack", caught: { on: "TellLedHalfway", as: "$.ledBack" } }),
    RollTasksBack: rollTasksBack("$.led.services", { then: "TellKept", caught: { on: "TellKept", as: "$.rolledBack" } }),
    TellKept: tell(
      topicArn,
      "KEPT: a restored database",
      text(
        "WARNING: the tasks are being led back to {}. The restored cluster {} may hold what they wrote in the meantime: it is kept, and costs, until you delete it.",
        "$.live.cluster.DbClusterIdentifier",
        "$.restored.identifier",
      ),
      FAILED,
    ),
    TellLedHalfway: tell(
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
