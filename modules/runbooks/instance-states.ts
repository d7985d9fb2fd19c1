import { poll, type Progress } from "./poll";
import type { Catcher, State } from "./states";
import { call } from "./tasks";

interface InstancePoll {
  /** The instance, as a parameter of the call: `DbInstanceIdentifier`, or `DbInstanceIdentifier.$` with a path. */
  readonly identifier: Readonly<Record<string, unknown>>;
  readonly intervalSeconds: number;
  readonly timeoutHours: number;
  readonly progress: Progress;
  /** An expected error, after which the call is not repeated. */
  readonly expectedError?: string;
  /** @default - an error ends the branch */
  readonly catchers?: readonly Catcher[];
  readonly onSuccess: string;
  readonly onFailure: string;
}

/** States that wait until a DB instance is available, and store its status as `$.instance.status`. The first is `ResetInstanceAttempts`. */
export function pollInstance({ identifier, expectedError, catchers, ...limits }: InstancePoll): Record<string, State> {
  return poll({
    ...limits,
    name: "Instance",
    describe: (next) =>
      call("rds", "describeDBInstances", identifier, {
        result: { ResultSelector: { "status.$": "$.DbInstances[0].DbInstanceStatus" }, ResultPath: "$.instance" },
        next,
        ...(expectedError !== undefined && { expectedError }),
        ...(catchers && { catchers }),
      }),
    statusPath: "$.instance.status",
    successStatus: "available",
    failurePattern: "*fail*",
  });
}
