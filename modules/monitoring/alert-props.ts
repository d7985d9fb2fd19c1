import type { ITerraformDependable } from "cdktf";
import type { Metric } from "./metric";

export type Severity = "critical" | "warning";

export interface AlarmProps {
  readonly severity: Severity;
  /** What it means that this alarm rings, in a sentence. */
  readonly means: string;
  readonly metric: Metric;
  /** Seconds of one data point, for the few metrics that come more rarely. @default 60 */
  readonly periodSeconds?: number;
  /** Data points in a row that must be bad, for what happens only every few hours. @default 1 */
  readonly periods?: number;
  /** Rings when the metric is above (`above`), or below (`below`), the number. */
  readonly when: { readonly above: number } | { readonly below: number };
  /**
   * What silence of the metric means: `breaching` where it is a heartbeat, `notBreaching` where nothing to count is good,
   * `ignore` where it tells nothing new, `missing` where nobody knows.
   */
  readonly missingData: "breaching" | "notBreaching" | "ignore" | "missing";
  /** File in the runbooks, and its section: `database.md#replica-lag`. */
  readonly runbook: string;
}

export interface EventProps {
  /** @default critical */
  readonly severity?: Severity;
  /** What has happened, for whoever reads the rule. */
  readonly means: string;
  /** What to match. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: object;
  /** Where in the event the values of the message are: `{ task: "$.detail.taskArn" }`. */
  readonly paths: Readonly<Record<string, string>>;
  /** The message; `<name>` stands for a value that `paths` finds in the event. */
  readonly sentence: string;
  /** File in the runbooks, and its section. */
  readonly runbook: string;
  /** Event bus to listen on, and its queue for what could not be delivered. @default - the one that AWS services send to */
  readonly bus?: {
    readonly busName: string;
    readonly deadLetters: { readonly arn: string; readonly ready: ITerraformDependable };
  };
}
