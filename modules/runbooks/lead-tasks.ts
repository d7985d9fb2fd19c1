import { FAILED } from "./rewind-frame";
import { POLL_SECONDS, type RestoredCluster } from "./restore-cluster";
import { call, END, FAILURE, poll, refuse, type State, tell, text } from "./states";

export interface LeadTasksProps {
  /** Topic of the people on call. */
  readonly topicArn: string;
  readonly restored: RestoredCluster;
  /** Parameters in Systems Manager that tell which cluster is live, and where. */
  readonly parameters: { readonly identifier: string; readonly writer: string; readonly reader: string };
  /** The service whose tasks read those parameters when they start. */
  readonly service: { readonly cluster: string; readonly name: string };
  /** Whether other regions replicate the live cluster, and so go on holding what was damaged. */
  readonly replicated: boolean;
  /** Where the runbook for people is. */
  readonly runbookUrl: string;
}

export const TASKS_HOURS = 1;

/** Leads the tasks to the restored cluster: new ones read the parameters when they start. Begins at `FindLiveClusterAgain`. */
export function leadTasks({ parameters, service, topicArn, restored, runbookUrl, replicated }: LeadTasksProps): Record<string, State> {
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
      Parameters: { before: values("$.live.cluster"), after: values("$.described.cluster") },
      ResultPath: "$.parameters",
      Next: "LeadToRestored",
    },
    LeadToRestored: putParameters("after", "RollTasks", "LeadBack"),
    RollTasks: rollTasks(service, "AwaitTasks", "LeadBack"),
    ...poll({
      what: "Tasks",
      everySeconds: POLL_SECONDS,
      hours: TASKS_HOURS,
      ask: (then) =>
        call(
          "ecs",
          "describeServices",
          { Cluster: service.cluster, Services: [service.name] },
          {
            keep: {
              ResultSelector: { "primary.$": "$.Services[0].Deployments[?(@.Status=='PRIMARY')]" },
              ResultPath: "$.deployed",
            },
            then,
            caught: [{ on: "LeadBack" }],
          },
        ),
      status: "$.deployed.primary[0].RolloutState",
      until: "COMPLETED",
      unless: "FAILED",
      then: "IsDeploymentTheSame",
      giveUp: "RefuseTasks",
    }),
    IsDeploymentTheSame: {
      Type: "Choice",
      // The circuit breaker takes a failed deployment back by another one, which completes in its place.
      Choices: [
        {
          Variable: "$.deployed.primary[0].Id",
          StringEqualsPath: "$.deployment.primary[0].Id",
          Next: restored.deletionProtection ? "ProtectRestored" : "TellDone",
        },
      ],
      Default: "RefuseTasks",
    },
    RefuseTasks: refuse("Rewind.TasksFailed", "The tasks could not be replaced.", "LeadBack"),
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
export function leadBack({ topicArn, service, parameters }: LeadTasksProps): Record<string, State> {
  return {
    LeadBack: putParameters("before", "RollTasksBack", "TellLedHalfway", "$.ledBack"),
    RollTasksBack: rollTasks(service, "TellKept", "TellKept", "$.rolledBack"),
    TellKept: tell(
      topicArn,
      "KEPT: a restored database",
      text(
        "The tasks are being led back to {}. The restored cluster {} may hold what they wrote in the meantime: it is kept, and costs, until you delete it.",
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

/** Writes a list of parameters, one after the other. */
function putParameters(list: "before" | "after", then: string, caught: string, as = FAILURE): State {
  const state = list === "after" ? "PutNewValue" : "PutOldValue";
  return {
    Type: "Map",
    ItemsPath: `$.parameters.${list}`,
    MaxConcurrency: 1,
    ItemProcessor: {
      StartAt: state,
      States: {
        [state]: call("ssm", "putParameter", { "Name.$": "$.Name", "Value.$": "$.Value", Overwrite: true }, { then: END }),
      },
    },
    ResultPath: null,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: as, Next: caught }],
    Next: then,
  };
}

/** Replaces the service's tasks by new ones. */
function rollTasks(service: LeadTasksProps["service"], then: string, on: string, as = FAILURE): State {
  return call(
    "ecs",
    "updateService",
    { Cluster: service.cluster, Service: service.name, ForceNewDeployment: true },
    {
      keep: { ResultSelector: { "primary.$": "$.Service.Deployments[?(@.Status=='PRIMARY')]" }, ResultPath: "$.deployment" },
      then,
      caught: [{ on, as }],
    },
  );
}
