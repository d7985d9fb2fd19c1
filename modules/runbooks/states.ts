/** Words of the Amazon States Language that every runbook uses. @see https://states-language.net/spec.html */

export type State = Readonly<Record<string, unknown>> & { readonly Type: string };

export interface Definition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

interface Catch {
  /** Where to go on after an error. */
  readonly on: string;
  /** Errors that are meant. @default - all */
  readonly errors?: readonly string[];
  /** Where the error is kept. @default - as the reason of the failure */
  readonly as?: string;
}

interface Call {
  /** What of the answer is kept, and where. @default - nothing */
  readonly keep?: { readonly ResultSelector?: object; readonly ResultPath: string };
  readonly then: string;
  /** @default - an error ends the branch */
  readonly caught?: readonly Catch[];
  /** An answer that means "not yet", and for how many minutes it may be given. */
  readonly notYet?: { readonly error: string; readonly minutes: number };
  /** An error that is an answer, and is not asked for again. */
  readonly answer?: string;
}

/** A call that hangs, to a region that is lost for example, must not hold what comes after it. */
const CALL_SECONDS = 60;
/** Longer than any function of the platform may run. */
const INVOKE_SECONDS = 90;

/** Where the reason of a failure is kept in the data of an execution, as `{ Error, Cause }`. */
export const FAILURE = "$.failure";

/**
 * A call to an AWS service. Step Functions names parameters as the AWS SDK for Java does: `DBClusterIdentifier` becomes
 * `DbClusterIdentifier`, but inside a name capitals stay.
 * @param service as in `arn:aws:states:::aws-sdk:<service>:<action>`
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export function call(service: string, action: string, parameters: object, { keep, then, caught = [], notYet, answer }: Call): State {
  return {
    Type: "Task",
    Resource: `arn:aws:states:::aws-sdk:${service}:${action}`,
    Parameters: parameters,
    ...(keep ?? { ResultPath: null }),
    TimeoutSeconds: CALL_SECONDS,
    Retry: [
      ...(answer ? [{ ErrorEquals: [answer], MaxAttempts: 0 }] : []),
      ...(notYet ? [{ ErrorEquals: [notYet.error], IntervalSeconds: 60, MaxAttempts: notYet.minutes, BackoffRate: 1 }] : []),
      ...retry(service, action),
    ],
    ...catching(caught),
    ...next(then),
  };
}

/** What errors of a service begin with, where that is not its name. @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  applicationautoscaling: "ApplicationAutoScaling",
  elasticloadbalancingv2: "ElasticLoadBalancingV2",
  elasticache: "ElastiCache",
  cloudwatch: "CloudWatch",
};

/**
 * Questions are asked again after any error: an hour-long restore must not end with one answer "rate exceeded". What
 * changes something is tried again only after errors that say nothing of the call itself: AWS answers those that its
 * models do not know, throttling among them, as `<Service>Exception`.
 */
function retry(service: string, action: string): object[] {
  const name = EXCEPTIONS[service] ?? service.charAt(0).toUpperCase() + service.slice(1);
  const asks = /^(describe|get|list)/.test(action);
  return [
    {
      ErrorEquals: asks ? ["States.TaskFailed", "States.Timeout"] : [`${name}.${name}Exception`, `${name}.SdkClientException`],
      IntervalSeconds: 5,
      MaxAttempts: asks ? 6 : 3,
      BackoffRate: 2,
    },
  ];
}

interface ForEach {
  /** Path of the list. */
  readonly items: string;
  /** What is done with each item, by the names of the states. The first is the start. */
  readonly states: Readonly<Record<string, State>>;
  /** One item after the other. @default - all at once */
  readonly inTurn?: boolean;
  /** Where the answers are kept. @default - nowhere */
  readonly result?: string;
  readonly then: string;
  /** Where to go on when it fails for one of them. */
  readonly caught: Catch;
}

/** Does the same with every item of a list. */
export function forEach({ items, states, inTurn = false, result, then, caught }: ForEach): State {
  const [start] = Object.keys(states);
  return {
    Type: "Map",
    ItemsPath: items,
    ...(inTurn && { MaxConcurrency: 1 }),
    ItemProcessor: { StartAt: start, States: states },
    ResultPath: result ?? null,
    ...catching([caught]),
    Next: then,
  };
}

interface Poll {
  /** What is waited for, in the names of the states: `Cluster`. */
  readonly what: string;
  readonly everySeconds: number;
  /** Longest time to wait. Each question is 11 events, and an execution has 25 000 for all it does. */
  readonly hours: number;
  /** The question: a call without an end, and where its answer has the status. */
  readonly ask: (then: string) => State;
  readonly status: string;
  /** Status that ends the waiting well. */
  readonly until: string;
  /** What must be true besides. @default - nothing */
  readonly and?: object;
  /** Pattern of a status that will not change any more. */
  readonly unless: string;
  readonly then: string;
  /** Where to go when it will not be, or not in time. */
  readonly giveUp: string;
  /** Other ways out of the waiting: what must be true after so many questions, and where that leads. */
  readonly or?: readonly { readonly when: readonly object[]; readonly questions: number; readonly then: string }[];
}

/** The states that wait for something. The first is `AwaitWhat`. */
export function poll({ what, everySeconds, hours, ask, status, until, and, unless, then, giveUp, or = [] }: Poll): Record<string, State> {
  const tries = `$.tries${what}`;
  // Comparing what an answer does not have would end the execution there and then, with nobody told.
  const known = { Variable: status, IsPresent: true };
  return {
    [`Await${what}`]: { Type: "Pass", Parameters: { count: 0 }, ResultPath: tries, Next: `WaitFor${what}` },
    [`WaitFor${what}`]: wait(everySeconds, `Describe${what}`),
    [`Describe${what}`]: ask(`Count${what}`),
    [`Count${what}`]: {
      Type: "Pass",
      Parameters: { "count.$": `States.MathAdd(${tries}.count, 1)` },
      ResultPath: tries,
      Next: `Is${what}There`,
    },
    [`Is${what}There`]: {
      Type: "Choice",
      Choices: [
        { And: [known, { Variable: status, StringEquals: until }, ...(and ? [and] : [])], Next: then },
        { And: [known, { Variable: status, StringMatches: unless }], Next: giveUp },
        ...or.map((way) => ({
          And: [...way.when, { Variable: `${tries}.count`, NumericGreaterThanEquals: way.questions }],
          Next: way.then,
        })),
        { Variable: `${tries}.count`, NumericGreaterThanEquals: Math.ceil((hours * 3600) / everySeconds), Next: giveUp },
      ],
      Default: `WaitFor${what}`,
    },
  };
}

/**
 * A message to everybody on call, with a link to the execution, before it goes on.
 * @param message a text of `text`
 */
export function tell(topicArn: string, subject: string, message: string, then: string): State {
  const region = "States.ArrayGetItem(States.StringSplit($$.Execution.Id, ':'), 3)";
  const link = "https://{}.console.aws.amazon.com/states/home?region={}#/v2/executions/details/{}";
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: {
      TopicArn: topicArn,
      Subject: subject,
      "Message.$": `States.Format('{} Execution: ${link}', ${message}, ${region}, ${region}, $$.Execution.Id)`,
    },
    ResultPath: null,
    TimeoutSeconds: CALL_SECONDS,
    Retry: [{ ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 }],
    // A message that cannot be sent must not stop what it tells about.
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.untold", Next: then }],
    Next: then,
  };
}

/** A call of a function of the platform's own. What it answers is under `$.Payload`. */
export function invoke(functionArn: string, payload: object, { keep, then, caught = [] }: Omit<Call, "notYet" | "answer">): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: functionArn, Payload: payload },
    ...(keep ?? { ResultPath: null }),
    TimeoutSeconds: INVOKE_SECONDS,
    Retry: [
      {
        ErrorEquals: [
          "Lambda.ServiceException",
          "Lambda.AWSLambdaException",
          "Lambda.SdkClientException",
          "Lambda.TooManyRequestsException",
        ],
        IntervalSeconds: 2,
        MaxAttempts: 5,
        BackoffRate: 2,
      },
    ],
    ...catching(caught),
    ...next(then),
  };
}

function catching(caught: readonly Catch[]): object {
  return caught.length === 0
    ? {}
    : { Catch: caught.map(({ on, errors = ["States.ALL"], as = FAILURE }) => ({ ErrorEquals: [...errors], ResultPath: as, Next: on })) };
}

/** Ends up at `then` with a reason of our own, in the form that AWS's errors have. @param cause an intrinsic function or a plain text */
export function refuse(error: string, cause: string, then: string): State {
  const key = cause.startsWith("States.") ? "Cause.$" : "Cause";
  return { Type: "Pass", Parameters: { Error: error, [key]: cause }, ResultPath: FAILURE, Next: then };
}

/** Fails with the reason that was kept. */
export const FAIL: State = { Type: "Fail", ErrorPath: `${FAILURE}.Error`, CausePath: `${FAILURE}.Cause` };

function wait(seconds: number, then: string): State {
  return { Type: "Wait", Seconds: seconds, Next: then };
}

/** `End` for the last state of a branch. */
export const END = "End";

function next(then: string): object {
  return then === END ? { End: true } : { Next: then };
}

/** A text with values in it: `text("up to {}", "$.to")`; without values, as it is. */
export function text(template: string, ...paths: readonly string[]): string {
  const quoted = template.replace(/\\/g, "\\\\").replace(/'/g, "\\'");
  return paths.length === 0 ? `'${quoted}'` : `States.Format('${quoted}', ${paths.join(", ")})`;
}
