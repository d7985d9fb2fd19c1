import type { State } from "./states";

interface Poll {
  /** What is waited for, as part of the names of the states: `Cluster`. */
  readonly name: string;
  readonly intervalSeconds: number;
  /** Longest wait. Each attempt adds 11 events, and an execution may have 25,000. */
  readonly timeoutHours: number;
  /** The call that reads the status. @param next the state after it */
  readonly describe: (next: string) => State;
  /** Path of the status in the data of the execution. */
  readonly statusPath: string;
  /** The status that ends the wait with success. */
  readonly successStatus: string;
  /** A comparison that must be true as well. @default - none */
  readonly successCondition?: object;
  /** Pattern of a final status that is a failure. */
  readonly failurePattern: string;
  readonly onSuccess: string;
  /** Where to continue after a failure, and after the timeout. */
  readonly onFailure: string;
  /** Other ends of the wait: comparisons that are true after a number of attempts. */
  readonly exits?: readonly { readonly conditions: readonly object[]; readonly attempts: number; readonly next: string }[];
}

/** States that wait until a status is reached. The first is `Reset<Name>Attempts`. */
export function poll(props: Poll): Record<string, State> {
  const { name, intervalSeconds, timeoutHours, statusPath, successStatus, successCondition, exits = [] } = props;
  const attempts = `$.${name.charAt(0).toLowerCase()}${name.slice(1)}Attempts`;
  // A comparison with a path that does not exist would end the execution without a message.
  const isKnown = { Variable: statusPath, IsPresent: true };
  const hasAttempts = (count: number): object => ({ Variable: `${attempts}.count`, NumericGreaterThanEquals: count });
  return {
    [`Reset${name}Attempts`]: { Type: "Pass", Parameters: { count: 0 }, ResultPath: attempts, Next: `WaitFor${name}` },
    [`WaitFor${name}`]: { Type: "Wait", Seconds: intervalSeconds, Next: `Describe${name}` },
    [`Describe${name}`]: props.describe(`Count${name}Attempts`),
    [`Count${name}Attempts`]: {
      Type: "Pass",
      Parameters: { "count.$": `States.MathAdd(${attempts}.count, 1)` },
      ResultPath: attempts,
      Next: `Check${name}Status`,
    },
    [`Check${name}Status`]: {
      Type: "Choice",
      Choices: [
        {
          And: [isKnown, { Variable: statusPath, StringEquals: successStatus }, ...(successCondition ? [successCondition] : [])],
          Next: props.onSuccess,
        },
        { And: [isKnown, { Variable: statusPath, StringMatches: props.failurePattern }], Next: props.onFailure },
        ...exits.map(({ conditions, attempts: count, next }) => ({ And: [...conditions, hasAttempts(count)], Next: next })),
        { ...hasAttempts(Math.ceil((timeoutHours * 3600) / intervalSeconds)), Next: props.onFailure },
      ],
      Default: `WaitFor${name}`,
    },
  };
}
