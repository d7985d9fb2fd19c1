import { putParameters, replaceTasks } from "../service-states";
import { FAILURE, type State, text } from "../states";
import { call, notify } from "../tasks";
import { SUBJECT, type TakeoverProps } from "./common";
import { routeClients } from "./dns";

/**
 * After the promotion: tasks and clients switch to this region's database. Nothing is rolled back from here on. Begins at
 * `FindEndpoints`.
 */
export function switchTasks(props: TakeoverProps): Record<string, State> {
  const { cluster, parameters } = props;
  return {
    FindEndpoints: call(
      "rds",
      "describeDBClusters",
      { DbClusterIdentifier: cluster.identifier },
      {
        result: {
          ResultSelector: {
            "writer.$": "$.DbClusters[0].Endpoint",
            "reader.$": "$.DbClusters[0].ReaderEndpoint",
            "identifier.$": "$.DbClusters[0].DbClusterIdentifier",
          },
          ResultPath: "$.own",
        },
        next: "ListParameters",
        catchers: [{ next: "TellHalfway" }],
      },
    ),
    ListParameters: {
      Type: "Pass",
      Parameters: {
        list: [
          { Name: parameters.writer, "Value.$": "$.own.writer" },
          { Name: parameters.reader, "Value.$": "$.own.reader" },
          { Name: parameters.identifier, "Value.$": "$.own.identifier" },
          { Name: parameters.writes, Value: "allowed" },
        ],
      },
      ResultPath: "$.parameters",
      Next: "PutParameters",
    },
    PutParameters: putParameters("$.parameters.list", "PutParameter", { next: "ReplaceTasks", catcher: { next: "TellHalfway" } }),
    ReplaceTasks: replaceTasks({
      servicesPath: "$.plan.services",
      error: "TakeOver.TasksFailed",
      requireRunning: true,
      resultPath: "$.replaced",
      next: "KeepClientsHere",
      catcher: { next: "TellHalfway" },
    }),
    KeepClientsHere: routeClients({
      switchesPath: "$.plan.here",
      suffix: "TellDone",
      next: "TellDone",
      catcher: { next: "TellNotKept" },
    }),
    ...notifyEnd(props),
  };
}

function notifyEnd({ topicArn, region, runbookUrl }: TakeoverProps): Record<string, State> {
  return {
    TellDone: notify(
      topicArn,
      `DONE: ${SUBJECT}`,
      text(
        `INFO: ${region} writes and serves. Its tasks: {}. {} What to do next: ${runbookUrl}`,
        "States.JsonToString($.replaced)",
        "$.taken[1].says",
      ),
      "Done",
    ),
    // The control plane of Route 53 may be lost with the other region. Until that region answers again, its failed health check routes clients here.
    TellNotKept: notify(
      topicArn,
      `DONE: ${SUBJECT}`,
      text(
        `CRITICAL: ${region} writes and serves. {} DNS could NOT be held here ({}): once the other region answers again, clients are led back to it, where nobody can write. Execute this again before that. Runbook: ${runbookUrl}`,
        "$.taken[1].says",
        `${FAILURE}.Cause`,
      ),
      "Done",
    ),
    Done: { Type: "Succeed" },
    TellHalfway: notify(
      topicArn,
      `HALFWAY: ${SUBJECT}`,
      text(
        `CRITICAL: the database of ${region} writes, but what should follow did not: {} {} Execute this again. Runbook: ${runbookUrl}`,
        `${FAILURE}.Error`,
        `${FAILURE}.Cause`,
      ),
      "Failed",
    ),
  };
}
