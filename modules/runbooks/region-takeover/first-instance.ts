import { pollInstance } from "../instance-states";
import { failWith, type State, text } from "../states";
import { call } from "../tasks";
import { POLL_SECONDS, progress, type TakeoverProps } from "./common";

export const INSTANCE_HOURS = 0.75;
const NOT_FOUND = "Rds.DbInstanceNotFoundException";

/**
 * Creates the first instance of a cluster that has none and cannot be promoted without one. It is the instance that
 * Terraform would create first. Begins at `CountInstances`.
 */
export function createFirstInstance(props: TakeoverProps): Record<string, State> {
  const { instance, cluster } = props;
  if (!instance) return {};
  return {
    CountInstances: call(
      "rds",
      "describeDBClusters",
      { DbClusterIdentifier: cluster.identifier },
      {
        result: { ResultSelector: { "instances.$": "States.ArrayLength($.DbClusters[0].DbClusterMembers)" }, ResultPath: "$.cluster" },
        next: "HasInstance",
        catchers: [{ next: "NotifyFailure" }],
      },
    ),
    HasInstance: {
      Type: "Choice",
      // An instance that an earlier execution has created may not be available yet.
      Choices: [{ Variable: "$.cluster.instances", NumericGreaterThan: 0, Next: "ResetInstanceAttempts" }],
      Default: "CreateInstance",
    },
    CreateInstance: call("rds", "createDBInstance", instance, {
      next: "ResetInstanceAttempts",
      catchers: [
        { next: "ResetInstanceAttempts", errors: ["Rds.DbInstanceAlreadyExistsException"], resultPath: "$.creationError" },
        { next: "NotifyFailure" },
      ],
    }),
    ...pollInstance({
      identifier: { DbInstanceIdentifier: instance["DbInstanceIdentifier"] },
      intervalSeconds: POLL_SECONDS,
      timeoutHours: INSTANCE_HOURS,
      progress: progress(props, "The creation of the database instance"),
      expectedError: NOT_FOUND,
      // The cluster has an instance of another name, which an operator has created.
      catchers: [{ next: "IsReadinessRequired", errors: [NOT_FOUND], resultPath: "$.describeError" }, { next: "NotifyFailure" }],
      onSuccess: "IsReadinessRequired",
      onFailure: "FailInstance",
    }),
    FailInstance: failWith(
      "RegionTakeover.InstanceFailed",
      text("The new instance is not available: its status is {}. It is kept.", "$.instance.status"),
      "NotifyFailure",
    ),
  };
}
