import type { RunbookContext } from "../runbook";
import { type Definition, FAIL, FAILURE, parallel, text } from "../states";
import { notify } from "../tasks";
import { cacheCheck, type Check, databaseCheck, type HealthCheckTargets, serviceCheck, targetGroupCheck } from "./checks";

/** Checks the health of every part of a region. Changes nothing. */
export function healthCheckDefinition(props: HealthCheckTargets & RunbookContext): Definition {
  const { topicArn, region, runbookUrl, cache } = props;
  const checks = [
    ...props.services.map(serviceCheck),
    ...props.targetGroups.map(targetGroupCheck),
    databaseCheck(props.database),
    ...(cache ? [cacheCheck(cache)] : []),
  ];
  return {
    Comment: "Asks every part of the region whether it is as it should be",
    StartAt: "TellStart",
    TimeoutSeconds: 900,
    States: {
      TellStart: notify(topicArn, "STARTED: health check", text(`INFO: the health of ${region} is being checked.`), "CheckAll"),
      CheckAll: parallel({
        branches: checks.map(branch),
        resultPath: "$.checks",
        next: "IsAllWell",
        catcher: { next: "TellFailure" },
      }),
      IsAllWell: {
        Type: "Choice",
        Choices: [{ And: checks.map((_, index) => ({ Variable: `$.checks[${index}].well`, BooleanEquals: true })), Next: "TellDone" }],
        Default: "CollectIll",
      },
      CollectIll: {
        Type: "Pass",
        Parameters: { Error: "Health.NotWell", "Cause.$": "States.JsonToString($.checks[?(@.well==false)].says)" },
        ResultPath: FAILURE,
        Next: "TellFailure",
      },
      TellDone: notify(topicArn, "DONE: health check", text(`INFO: all ${checks.length} parts of ${region} are well.`), "Done"),
      Done: { Type: "Succeed" },
      TellFailure: notify(
        topicArn,
        "FAILED: health check",
        text(`CRITICAL: ${region} is not well: {} {} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

function branch({ name, states, condition, message }: Check): object {
  const [start] = Object.keys(states);
  return {
    StartAt: start,
    States: {
      ...states,
      [`Is${name}Well`]: { Type: "Choice", Choices: [{ ...condition, Next: `${name}Well` }], Default: `${name}Ill` },
      [`${name}Well`]: { Type: "Pass", Parameters: { well: true }, End: true },
      [`${name}Ill`]: { Type: "Pass", Parameters: { well: false, "says.$": message }, End: true },
      [`${name}Silent`]: {
        Type: "Pass",
        Parameters: { well: false, "says.$": text(`${name} could not be asked: {} {}`, `${FAILURE}.Error`, `${FAILURE}.Cause`) },
        End: true,
      },
    },
  };
}
