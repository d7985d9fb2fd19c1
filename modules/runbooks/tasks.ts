import { type Catcher, catchFields, nextFields, type State } from "./states";

interface TaskOptions {
  /** Part of the response to keep, and the path at which it is stored. @default - nothing is kept */
  readonly result?: { readonly ResultSelector?: object; readonly ResultPath: string };
  readonly next: string;
  /** @default - an error ends the branch */
  readonly catchers?: readonly Catcher[];
}

interface CallOptions extends TaskOptions {
  /** Whether a repeated call has no further effect, so that it is repeated after any error. @default - true for calls that read */
  readonly idempotent?: boolean;
  /** An error that means "not yet": the call is repeated every minute, for this many minutes. */
  readonly pending?: { readonly error: string; readonly minutes: number };
  /** An expected error, after which the call is not repeated. */
  readonly expectedError?: string;
}

/** Limit of a call: one that hangs, to a lost region for example, must not delay the states after it. */
const CALL_SECONDS = 60;
/** Limit of a call that reads. */
const READ_SECONDS = 30;
const INVOKE_SECONDS = 45;

/**
 * A call of an AWS service. Step Functions names parameters as the AWS SDK for Java does: `DBClusterIdentifier` becomes
 * `DbClusterIdentifier`, but capitals inside a name stay.
 * @param service as in `arn:aws:states:::aws-sdk:<service>:<action>`
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export function call(service: string, action: string, parameters: object, options: CallOptions): State {
  const { result, next, catchers = [], pending, expectedError } = options;
  const reads = /^(describe|get|list)/.test(action);
  return {
    Type: "Task",
    Resource: `arn:aws:states:::aws-sdk:${service}:${action}`,
    Parameters: parameters,
    ...(result ?? { ResultPath: null }),
    TimeoutSeconds: reads ? READ_SECONDS : CALL_SECONDS,
    Retry: [
      ...(expectedError ? [{ ErrorEquals: [expectedError], MaxAttempts: 0 }] : []),
      ...(pending ? [{ ErrorEquals: [pending.error], IntervalSeconds: 60, MaxAttempts: pending.minutes, BackoffRate: 1 }] : []),
      ...((options.idempotent ?? reads) ? REPEAT : [repeatAfterServiceError(service)]),
    ],
    ...catchFields(catchers),
    ...nextFields(next),
  };
}

/** Prefix of a service's errors, where it is not the service's name. @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
const ERROR_PREFIXES: Readonly<Record<string, string>> = {
  applicationautoscaling: "ApplicationAutoScaling",
  elasticloadbalancingv2: "ElasticLoadBalancingV2",
  elasticache: "ElastiCache",
  cloudwatch: "CloudWatch",
  arczonalshift: "ArcZonalShift",
};

/**
 * Repeats an idempotent call after any error, four times within 75 s: one throttled call must not end an execution. A call
 * that hangs is repeated once, because several such calls would delay the promotion and the next message to on-call.
 */
const REPEAT = [
  { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 5, MaxAttempts: 4, BackoffRate: 2 },
  { ErrorEquals: ["States.Timeout"], IntervalSeconds: 5, MaxAttempts: 1 },
];

/**
 * Repeats other calls only after errors that do not concern the call itself: Step Functions reports those that the
 * service's API model does not list, throttling among them, as `<Service>Exception`.
 */
function repeatAfterServiceError(service: string): object {
  const prefix = ERROR_PREFIXES[service] ?? service.charAt(0).toUpperCase() + service.slice(1);
  return {
    ErrorEquals: [`${prefix}.${prefix}Exception`, `${prefix}.SdkClientException`],
    IntervalSeconds: 5,
    MaxAttempts: 3,
    BackoffRate: 2,
  };
}

interface InvokeOptions extends TaskOptions {
  /** Whether a repeated invocation has no further effect, so that it is repeated after any error. @default true */
  readonly idempotent?: boolean;
  /** Longer than the timeout of the function. @default 45 */
  readonly timeoutSeconds?: number;
}

/** An invocation of one of the platform's functions. Its response is under `$.Payload`. */
export function invoke(
  functionArn: string,
  payload: object,
  { result, next, catchers = [], idempotent = true, timeoutSeconds = INVOKE_SECONDS }: InvokeOptions,
): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: functionArn, Payload: payload },
    ...(result ?? { ResultPath: null }),
    TimeoutSeconds: timeoutSeconds,
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
      ...(idempotent ? REPEAT : []),
    ],
    ...catchFields(catchers),
    ...nextFields(next),
  };
}

/**
 * A message to on-call, with a link to the execution. A message that cannot be sent does not stop the execution.
 * @param message a text of `text`
 */
export function notify(topicArn: string, subject: string, message: string, next: string): State {
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
    ...catchFields([{ next, resultPath: "$.notNotified" }]),
    Next: next,
  };
}

/**
 * A command that executes this state machine again, as a value of `text`: with the same input in this region, or with another
 * input in another region, where the state machine has the same name. It ends with the beginning of a shell comment, so that
 * it can be pasted together with the text after it.
 * @param other paths of the other region and of its input
 */
export function runAgain(other?: { readonly region: string; readonly input: string }): string {
  const part = (index: number): string => `States.ArrayGetItem(States.StringSplit($$.StateMachine.Id, ':'), ${index})`;
  const region = other?.region ?? part(3);
  const input = `States.JsonToString(${other?.input ?? "$$.Execution.Input"})`;
  const command =
    "aws stepfunctions start-execution --region {} --state-machine-arn arn:aws:states:{}:{}:stateMachine:{} --input \\'{}\\' #";
  return `States.Format('${command}', ${region}, ${region}, ${part(4)}, $$.StateMachine.Name, ${input})`;
}
