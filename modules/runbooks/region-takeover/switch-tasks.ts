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
          ResultPath: "$.cluster",
        },
        next: "PrepareParameters",
        catchers: [{ next: "NotifyHalfway" }],
      },
    ),
    PrepareParameters: {
      Type: "Pass",
      Parameters: {
        list: [
          { Name: parameters.writer, "Value.$": "$.cluster.writer" },
          { Name: parameters.reader, "Value.$": "$.cluster.reader" },
          { Name: parameters.identifier, "Value.$": "$.cluster.identifier" },
          { Name: parameters.writes, Value: "allowed" },
        ],
      },
      ResultPath: "$.parameters",
      Next: "PutParameters",
    },
    PutParameters: putParameters("$.parameters.list", "PutParameter", { next: "ReplaceTasks", catcher: { next: "NotifyHalfway" } }),
    ReplaceTasks: replaceTasks({
      servicesPath: "$.plan.services",
      error: "RegionTakeover.TasksFailed",
      requireRunning: true,
      resultPath: "$.replacedTasks",
      next: "HoldDnsHere",
      catcher: { next: "NotifyHalfway" },
    }),
    HoldDnsHere: routeClients({
      switchesPath: "$.plan.healthChecks",
      suffix: "AfterPromotion",
      next: "NotifyDone",
      catcher: { next: "NotifyDnsNotHeld" },
    }),
    ...notifyEnd(props),
  };
}

function notifyEnd({ topicArn, region, runbookUrl }: TakeoverProps): Record<string, State> {
  return {
    NotifyDone: notify(
      topicArn,
      `DONE: ${SUBJECT}`,
      text(
        `INFO: ${region} is the primary region. Running tasks: {}. {} Next steps: ${runbookUrl}`,
        "States.JsonToString($.replacedTasks)",
        "$.results[1].message",
      ),
      "Done",
    ),
    // The control plane of Route 53 may be lost with the other region. Until that region is available again, its failed health check routes clients here.
    NotifyDnsNotHeld: notify(
      topicArn,
      `DONE: ${SUBJECT}`,
      text(
        `CRITICAL: ${region} is the primary region. {} DNS could NOT be held here ({}): when the other region is available again, DNS routes clients back to it, where writes are not possible. Execute this runbook again before that. Runbook: ${runbookUrl}`,
        "$.results[1].message",
        `${FAILURE}.Cause`,
      ),
      "Done",
    ),
    Done: { Type: "Succeed" },
    NotifyHalfway: notify(
      topicArn,
      `HALFWAY: ${SUBJECT}`,
      text(
        `CRITICAL: the database of ${region} is the primary, but a later step failed: {} {} Execute this runbook again. Runbook: ${runbookUrl}`,
        `${FAILURE}.Error`,
        `${FAILURE}.Cause`,
      ),
      "Failed",
    ),
  };
}
