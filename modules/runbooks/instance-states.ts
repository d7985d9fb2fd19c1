import { poll } from "./poll";
import type { Catcher, State } from "./states";
import { call } from "./tasks";

interface InstancePoll {
  /** The instance, as a parameter of the call: `DbInstanceIdentifier`, or `DbInstanceIdentifier.$` with a path. */
  readonly identifier: Readonly<Record<string, unknown>>;
  /** Name under which the status is stored, below `$.instance`. */
  readonly statusKey: string;
  readonly intervalSeconds: number;
  readonly timeoutHours: number;
  /** An error that is an answer: the call is not repeated after it. */
  readonly expectedError?: string;
  /** @default - an error ends the branch */
  readonly catchers?: readonly Catcher[];
  readonly onSuccess: string;
  readonly onFailure: string;
}

/** States that wait until a DB instance is available. The first is `AwaitInstance`. */
export function pollInstance({ identifier, statusKey, expectedError, catchers, ...limits }: InstancePoll): Record<string, State> {
  return poll({
    ...limits,
    name: "Instance",
    describe: (next) =>
      call("rds", "describeDBInstances", identifier, {
        result: { ResultSelector: { [`${statusKey}.$`]: "$.DbInstances[0].DbInstanceStatus" }, ResultPath: "$.instance" },
        next,
        ...(expectedError !== undefined && { expectedError }),
        ...(catchers && { catchers }),
      }),
    statusPath: `$.instance.${statusKey}`,
    successStatus: "available",
    failurePattern: "*fail*",
  });
}
