import type { ITerraformDependable } from "cdktf";
import type { ComputedMetric, Metric } from "./metric";

export type Severity = "critical" | "warning";

export interface AlarmProps {
  /** `critical` or `warning`: the first word of the message. */
  readonly severity: Severity;
  /** What the state ALARM means, in full sentences. */
  readonly means: string;
  /** The metric, or the value that is computed of several. */
  readonly metric: Metric | ComputedMetric;
  /** Seconds of one data point, for the few metrics that are published less often. @default 60 */
  readonly periodSeconds?: number;
  /** Consecutive data points that must breach, for events that happen only every few hours. @default 1 */
  readonly periods?: number;
  /** The alarm fires when the metric is above (`above`) or below (`below`) the threshold. */
  readonly when: { readonly above: number } | { readonly below: number };
  /**
   * How missing data is evaluated: `breaching` for a heartbeat, `notBreaching` where no data means that there is nothing to
   * count, `ignore` where the last state still applies, `missing` where AWS does not document the meaning.
   */
  readonly missingData: "breaching" | "notBreaching" | "ignore" | "missing";
  /** What clients notice: `some requests fail`. @default - the alarm is in a composite alarm, which states it */
  readonly clients?: string;
  /** File and section in `docs/runbooks`: `database.md#replica-lag`. */
  readonly runbook: string;
}

/** The queue of events that EventBridge could not deliver to the target of a rule. */
export interface DeadLetterQueue {
  readonly arn: string;
  /** Exists once EventBridge may send. */
  readonly ready: ITerraformDependable;
}

export interface EventProps {
  /** `critical` or `warning`: the first word of the message. @default critical */
  readonly severity?: Severity;
  /** What the event means: the description of the rule. */
  readonly means: string;
  /** What clients notice: `some requests fail`. */
  readonly clients: string;
  /** Event pattern. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: object;
  /** JSON paths of the values in the message: `{ task: "$.detail.taskArn" }`. */
  readonly paths: Readonly<Record<string, string>>;
  /** The message. `<name>` is replaced by the value of that path. */
  readonly sentence: string;
  /** File and section in `docs/runbooks`. */
  readonly runbook: string;
  /** Event bus of the rule, and its dead-letter queue. @default - the default event bus, which receives events of AWS services */
  readonly bus?: { readonly busName: string; readonly deadLetters: DeadLetterQueue };
}
