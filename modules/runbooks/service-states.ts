import type { Statement } from "../iam/policy";
import { poll, type Progress } from "./poll";
import { END, FAIL, failWith, forEach, type State, text, type Transition } from "./states";
import { call } from "./tasks";

/** An ECS service, by its name and its cluster's. */
export interface EcsService {
  readonly cluster: string;
  readonly name: string;
}

/** Longest time for the new tasks of a service to become healthy. */
export const TASKS_HOURS = 1;
const POLL_SECONDS = 30;

/** Writes parameters one after the other. @param listPath path of a list of `{ Name, Value }` @param state name of the state that writes one */
export function putParameters(listPath: string, state: string, transition: Transition): State {
  const put = call("ssm", "putParameter", { "Name.$": "$.Name", "Value.$": "$.Value", Overwrite: true }, { next: END });
  return forEach({ itemsPath: listPath, sequential: true, states: { [state]: put }, ...transition });
}

/** Starts a new deployment of every service, without waiting. @param servicesPath path of a list of `{ cluster, name }` */
export function redeployServices(servicesPath: string, transition: Transition): State {
  return forEach({ itemsPath: servicesPath, states: { RollBackService: redeployService(END) }, ...transition });
}

interface TaskReplacement extends Transition {
  /** Path of a list of `{ cluster, name }`. */
  readonly servicesPath: string;
  /** Name of the error when the new tasks do not become healthy. */
  readonly error: string;
  /** Whether a service without a running task counts as not ready. */
  readonly requireRunning: boolean;
  readonly progress: Progress;
  /** Path of the result, a list of `{ service, running }`. */
  readonly resultPath: string;
}

/** Replaces the tasks of every service by new ones, which read their parameters at their start, and waits until they are healthy. */
export function replaceTasks({ servicesPath, error, requireRunning, progress, ...rest }: TaskReplacement): State {
  return forEach({
    ...rest,
    itemsPath: servicesPath,
    states: {
      RedeployService: redeployService("ResetDeploymentAttempts"),
      ...poll({
        name: "Deployment",
        intervalSeconds: POLL_SECONDS,
        timeoutHours: TASKS_HOURS,
        progress,
        describe: describeDeployment,
        statusPath: "$.service.primary[0].RolloutState",
        successStatus: "COMPLETED",
        ...(requireRunning && { successCondition: { Variable: "$.service.running", NumericGreaterThan: 0 } }),
        failurePattern: "FAILED",
        onSuccess: "IsSameDeployment",
        onFailure: "FailTaskReplacement",
      }),
      IsSameDeployment: {
        Type: "Choice",
        // The circuit breaker rolls back by another deployment, which completes in place of the failed one.
        Choices: [{ Variable: "$.service.primary[0].Id", StringEqualsPath: "$.deployment.primary[0].Id", Next: "TasksReplaced" }],
        Default: "FailTaskReplacement",
      },
      TasksReplaced: { Type: "Pass", Parameters: { "service.$": "$.name", "running.$": "$.service.running" }, End: true },
      FailTaskReplacement: failWith(error, text("The tasks of {} could not be replaced.", "$.name"), "TaskReplacementFailed"),
      TaskReplacementFailed: FAIL,
    },
  });
}

/** The permissions of the states that replace tasks. */
export function replaceTasksPermissions(region: string, accountId: string, services: readonly EcsService[]): Statement[] {
  return [
    { Sid: "ReplaceTasks", Action: ["ecs:UpdateService", "ecs:DescribeServices"], Resource: serviceArns(region, accountId, services) },
  ];
}

export function serviceArns(region: string, accountId: string, services: readonly EcsService[]): string[] {
  return services.map(({ cluster, name }) => `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${name}`);
}

function redeployService(next: string): State {
  return call(
    "ecs",
    "updateService",
    { "Cluster.$": "$.cluster", "Service.$": "$.name", ForceNewDeployment: true },
    { result: { ResultSelector: { "primary.$": "$.Service.Deployments[?(@.Status=='PRIMARY')]" }, ResultPath: "$.deployment" }, next },
  );
}

/** Reads the deployment and the number of running tasks of a service into `$.service`. */
export function describeDeployment(next: string): State {
  return call(
    "ecs",
    "describeServices",
    { "Cluster.$": "$.cluster", "Services.$": "States.Array($.name)" },
    {
      result: {
        ResultSelector: {
          "primary.$": "$.Services[0].Deployments[?(@.Status=='PRIMARY')]",
          "running.$": "$.Services[0].RunningCount",
        },
        ResultPath: "$.service",
      },
      next,
    },
  );
}
