import { type State, text } from "./states";
import { notify } from "./tasks";

/** Messages to on-call while a wait lasts: no execution is silent for longer than 15 minutes. */
export interface Progress {
  readonly topicArn: string;
  /** Second part of the subject: `region takeover`. */
  readonly subject: string;
  readonly everyMinutes: number;
  /** What is waited for: `The promotion of the database`. */
  readonly waitsFor: string;
}

interface Poll {
  /** What is waited for, as part of the names of the states: `Cluster`. */
  readonly name: string;
  readonly intervalSeconds: number;
  /** Longest wait. Each attempt adds 11 events, and an execution may have 25,000. */
  readonly timeoutHours: number;
  readonly progress: Progress;
  /** The call that reads the status. @param next the state after it */
  readonly describe: (next: string) => State;
  /** Path of the status in the data of the execution. */
  readonly statusPath: string;
  /** The status that ends the wait with success. */
  readonly successStatus: string;
  /** A comparison that must be true as well. @default - none */
  readonly successCondition?: object;
  /** Pattern of a final status that is a failure. @default - only the timeout is one */
  readonly failurePattern?: string;
  readonly onSuccess: string;
  /** Where to continue after a failure, and after the timeout. */
  readonly onFailure: string;
  /** Other ends of the wait: comparisons that are true after a number of attempts. */
  readonly exits?: readonly { readonly conditions: readonly object[]; readonly attempts: number; readonly next: string }[];
}

/** States that wait until a status is reached. The first is `Reset<Name>Attempts`. */
export function poll(props: Poll): Record<string, State> {
  const { name, intervalSeconds, timeoutHours, statusPath, successStatus, successCondition, exits = [], progress } = props;
  const attempts = `$.${name.charAt(0).toLowerCase()}${name.slice(1)}Attempts`;
  // A comparison with a path that does not exist would end the execution without a message.
  const isKnown = { Variable: statusPath, IsPresent: true };
  const hasAttempts = (count: number): object => ({ Variable: `${attempts}.count`, NumericGreaterThanEquals: count });
  return {
    [`Reset${name}Attempts`]: { Type: "Pass", Parameters: { count: 0, unreported: 0 }, ResultPath: attempts, Next: `WaitFor${name}` },
    [`WaitFor${name}`]: { Type: "Wait", Seconds: intervalSeconds, Next: `Describe${name}` },
    [`Describe${name}`]: props.describe(`Count${name}Attempts`),
    [`Count${name}Attempts`]: {
      Type: "Pass",
      Parameters: {
        "count.$": `States.MathAdd(${attempts}.count, 1)`,
        "unreported.$": `States.MathAdd(${attempts}.unreported, 1)`,
      },
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
        ...(props.failurePattern === undefined
          ? []
          : [{ And: [isKnown, { Variable: statusPath, StringMatches: props.failurePattern }], Next: props.onFailure }]),
        ...exits.map(({ conditions, attempts: count, next }) => ({ And: [...conditions, hasAttempts(count)], Next: next })),
        { ...hasAttempts(Math.ceil((timeoutHours * 3600) / intervalSeconds)), Next: props.onFailure },
        {
          Variable: `${attempts}.unreported`,
          NumericGreaterThanEquals: Math.ceil((progress.everyMinutes * 60) / intervalSeconds),
          Next: `Notify${name}Progress`,
        },
      ],
      Default: `WaitFor${name}`,
    },
    [`Notify${name}Progress`]: notify(
      progress.topicArn,
      `IN PROGRESS: ${progress.subject}`,
      text(`WARNING: ${progress.waitsFor} is not complete after {} attempts, one every ${intervalSeconds} s.`, `${attempts}.count`),
      `Reset${name}Unreported`,
    ),
    [`Reset${name}Unreported`]: {
      Type: "Pass",
      Parameters: { "count.$": `${attempts}.count`, unreported: 0 },
      ResultPath: attempts,
      Next: `WaitFor${name}`,
    },
  };
}
