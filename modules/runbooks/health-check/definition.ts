import type { RunbookContext } from "../runbook";
import { type Definition, FAIL, FAILURE, parallel, text } from "../states";
import { notify } from "../tasks";
import { cacheCheck, type Check, databaseCheck, type HealthCheckTargets, serviceCheck, targetGroupCheck } from "./checks";

/** Checks the health of every part of a region. Changes nothing, and notifies only of a failure: it runs every day. */
export function healthCheckDefinition(props: HealthCheckTargets & RunbookContext): Definition {
  const { topicArn, region, runbookUrl, cache } = props;
  const checks = [
    ...props.services.map(serviceCheck),
    ...props.targetGroups.map(targetGroupCheck),
    databaseCheck(props.database),
    ...(cache ? [cacheCheck(cache)] : []),
  ];
  return {
    Comment: "Checks the health of every part of the region",
    StartAt: "CheckAll",
    TimeoutSeconds: 900,
    States: {
      CheckAll: parallel({
        branches: checks.map(branch),
        resultPath: "$.checks",
        next: "AreAllHealthy",
        catcher: { next: "NotifyFailure" },
      }),
      AreAllHealthy: {
        Type: "Choice",
        Choices: [{ And: checks.map((_, index) => ({ Variable: `$.checks[${index}].healthy`, BooleanEquals: true })), Next: "Done" }],
        Default: "CollectUnhealthy",
      },
      CollectUnhealthy: {
        Type: "Pass",
        Parameters: { Error: "Health.Unhealthy", "Cause.$": "States.JsonToString($.checks[?(@.healthy==false)].message)" },
        ResultPath: FAILURE,
        Next: "NotifyFailure",
      },
      Done: { Type: "Succeed" },
      NotifyFailure: notify(
        topicArn,
        "FAILED: health check",
        text(`CRITICAL: ${region} is unhealthy: {} {} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

function branch({ name, label, states, condition, message }: Check): object {
  const [start] = Object.keys(states);
  return {
    StartAt: start,
    States: {
      ...states,
      [`Is${name}Healthy`]: { Type: "Choice", Choices: [{ ...condition, Next: `${name}Healthy` }], Default: `${name}Unhealthy` },
      [`${name}Healthy`]: { Type: "Pass", Parameters: { healthy: true }, End: true },
      [`${name}Unhealthy`]: { Type: "Pass", Parameters: { healthy: false, "message.$": message }, End: true },
      [`${name}Unreachable`]: {
        Type: "Pass",
        Parameters: { healthy: false, "message.$": text(`${label} could not be checked: {} {}`, `${FAILURE}.Error`, `${FAILURE}.Cause`) },
        End: true,
      },
    },
  };
}
