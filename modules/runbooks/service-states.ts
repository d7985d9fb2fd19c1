import { call, END, FAIL, forEach, poll, refuse, type State, text } from "./states";

/** Longest time that new tasks of a service may take. */
export const TASKS_HOURS = 1;
const POLL_SECONDS = 30;

/** Where to go on, and where after an error. */
interface Way {
  readonly then: string;
  readonly caught: Parameters<typeof forEach>[0]["caught"];
}

/** Writes parameters one after the other. @param list path of a list of `{ Name, Value }` @param state name of the state that writes one */
export function putParameters(list: string, state: string, way: Way): State {
  const put = call("ssm", "putParameter", { "Name.$": "$.Name", "Value.$": "$.Value", Overwrite: true }, { then: END });
  return forEach({ items: list, inTurn: true, states: { [state]: put }, ...way });
}

/** Has the tasks of every service replaced once more, and waits for nothing. @param services path of a list of `{ cluster, name }` */
export function rollTasksBack(services: string, way: Way): State {
  return forEach({ items: services, states: { RollServiceBack: rollService(END) }, ...way });
}

/**
 * Replaces the tasks of every service by new ones, which read their parameters when they start, and waits until they are
 * well. Ends with a list of `{ service, running }`.
 * @param services path of a list of `{ cluster, name }`
 * @param anyRunning whether a service without a task counts as not there yet
 * @param error name of the failure when tasks do not get well
 */
export function replaceTasks(services: string, error: string, anyRunning: boolean, way: Way, result: string): State {
  const refused = refuse(error, text("The tasks of {} could not be replaced.", "$.name"), "TasksFailed");
  return forEach({
    items: services,
    states: {
      RollService: rollService("AwaitTasks"),
      ...poll({
        what: "Tasks",
        everySeconds: POLL_SECONDS,
        hours: TASKS_HOURS,
        ask: (next) =>
          call(
            "ecs",
            "describeServices",
            { "Cluster.$": "$.cluster", "Services.$": "States.Array($.name)" },
            {
              keep: {
                ResultSelector: {
                  "primary.$": "$.Services[0].Deployments[?(@.Status=='PRIMARY')]",
                  "running.$": "$.Services[0].RunningCount",
                },
                ResultPath: "$.deployed",
              },
              then: next,
            },
          ),
        status: "$.deployed.primary[0].RolloutState",
        until: "COMPLETED",
        ...(anyRunning && { and: { Variable: "$.deployed.running", NumericGreaterThan: 0 } }),
        unless: "FAILED",
        then: "IsDeploymentTheSame",
        giveUp: "RefuseTasks",
      }),
      IsDeploymentTheSame: {
        Type: "Choice",
        // The circuit breaker takes a failed deployment back by another one, which completes in its place.
        Choices: [{ Variable: "$.deployed.primary[0].Id", StringEqualsPath: "$.deployment.primary[0].Id", Next: "TasksReplaced" }],
        Default: "RefuseTasks",
      },
      TasksReplaced: { Type: "Pass", Parameters: { "service.$": "$.name", "running.$": "$.deployed.running" }, End: true },
      RefuseTasks: refused,
      TasksFailed: FAIL,
    },
    result,
    ...way,
  });
}

function rollService(then: string): State {
  return call(
    "ecs",
    "updateService",
    { "Cluster.$": "$.cluster", "Service.$": "$.name", ForceNewDeployment: true },
    { keep: { ResultSelector: { "primary.$": "$.Service.Deployments[?(@.Status=='PRIMARY')]" }, ResultPath: "$.deployment" }, then },
  );
}
