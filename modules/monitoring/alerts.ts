import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { DbEventSubscription } from "@cdktf/provider-aws/lib/db-event-subscription";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { policy, type Statement } from "../iam/policy";
import type { Metric } from "./metric";

export interface AlertsProps {
  readonly names: Names;
  /** Tells the topic apart from another one in the same region: `alerts`. */
  readonly purpose: string;
  readonly region: string;
  readonly accountId: string;
  /** ARN of the topic's key; its policy must let the publishers in (`alertsMayEncrypt`). */
  readonly keyArn: string;
  /** HCL expression of the set of e-mail addresses that get every alert; each must confirm once. */
  readonly emails: string;
  /** Where the runbooks are published, without the closing slash. */
  readonly runbookBaseUrl: string;
}

type Severity = "critical" | "warning";

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
   * What silence of the metric means: `breaching` where it is a heartbeat, `notBreaching` where nothing to count is good.
   */
  readonly missingData: "breaching" | "notBreaching";
  /** File in the runbooks, and its section: `database.md#replica-lag`. */
  readonly runbook: string;
}

/** Seconds over which one data point is collected: the shortest that AWS's own metrics have. */
const SHORTEST_PERIOD_SECONDS = 60;
/** Seconds that CloudWatch takes at most to receive a data point and then to look at the alarm again. */
const INGEST_SECONDS = 60;
const EVALUATION_SECONDS = 60;

/** Alarms that one composite may name. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const MOST_ALARMS = 100;

/**
 * The longest time from the fault to the message. Metric alarms cannot be faster than this on one-minute metrics; what
 * must be known within seconds goes the way of events.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
function latencySeconds(collectedSeconds: number): number {
  return collectedSeconds + INGEST_SECONDS + EVALUATION_SECONDS;
}

/**
 * The one way to the people on call: an encrypted topic, and those who publish to it: alarms, events, RDS, and runbooks. Events arrive within
 * seconds, metric alarms within the minutes that each of them states.
 */
export class Alerts extends Construct {
  readonly topicArn: string;
  private readonly names: Names;
  private readonly keyArn: string;
  private readonly runbookBaseUrl: string;
  private readonly topicPolicy: SnsTopicPolicy;

  constructor(scope: Construct, id: string, { names, purpose, region, accountId, keyArn, emails, runbookBaseUrl }: AlertsProps) {
    super(scope, id);
    this.names = names;
    this.keyArn = keyArn;
    this.runbookBaseUrl = runbookBaseUrl;
    const name = names.of("sns_topic", purpose);
    const topic = new SnsTopic(this, "topic", { name, kmsMasterKeyId: keyArn });
    this.topicArn = topic.arn;
    const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
    this.topicPolicy = new SnsTopicPolicy(this, "topic-policy", {
      arn: topic.arn,
      policy: policy(
        {
          Sid: "AlarmsAndServiceEvents",
          Principal: { Service: ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"] },
          Action: "sns:Publish",
          Resource: arn,
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
        // EventBridge passes no condition keys to SNS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        { Sid: "EventBridge", Principal: { Service: "events.amazonaws.com" }, Action: "sns:Publish", Resource: arn },
        {
          Sid: "EncryptedTransportOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ),
    });
    const subscription = new SnsTopicSubscription(this, "email", { topicArn: topic.arn, protocol: "email", endpoint: "${each.value}" });
    subscription.addOverride("for_each", emails);
  }

  /** What a role needs to publish by itself: the topic, and its key. */
  grantPublish(): Statement[] {
    return [
      { Sid: "TellOnCall", Action: "sns:Publish", Resource: this.topicArn },
      { Sid: "EncryptMessages", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: this.keyArn },
    ];
  }

  /** Watches one metric: one data point is enough. @param id unique in the region; becomes the alarm's name */
  alarm(scope: Construct, id: string, props: AlarmProps): CloudwatchMetricAlarm {
    const { severity, means, metric, periodSeconds = SHORTEST_PERIOD_SECONDS, periods = 1, when, missingData, runbook } = props;
    const percentile = metric.statistic.startsWith("p");
    return new CloudwatchMetricAlarm(scope, `alarm-${id}`, {
      alarmName: this.names.of("cloudwatch_metric_alarm", id),
      alarmDescription: `${severity.toUpperCase()}: ${means} At most ${latencySeconds(periodSeconds * periods)} s from fault to message. Runbook: ${this.runbookBaseUrl}/${runbook}`,
      namespace: metric.namespace,
      metricName: metric.name,
      dimensions: { ...metric.dimensions },
      ...(percentile ? { extendedStatistic: metric.statistic } : { statistic: metric.statistic }),
      period: periodSeconds,
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      ...("above" in when
        ? { comparisonOperator: "GreaterThanThreshold", threshold: when.above }
        : { comparisonOperator: "LessThanThreshold", threshold: when.below }),
      treatMissingData: missingData,
      alarmActions: [this.topicArn],
      okActions: [this.topicArn],
      tags: { Severity: severity },
    });
  }

  /** One alarm for a whole tier: rings while any of its alarms does. Of many alarms it takes one for each hundred first. */
  tier(scope: Construct, tier: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const parts = Array.from({ length: Math.ceil(alarms.length / MOST_ALARMS) }, (_, index) =>
      alarms.slice(index * MOST_ALARMS, (index + 1) * MOST_ALARMS),
    );
    const [only, ...others] = parts;
    if (only && others.length === 0) this.composite(scope, "alarm-tier", tier, only, runbook, true);
    else
      this.composite(
        scope,
        "alarm-tier",
        tier,
        parts.map((part, index) => this.composite(scope, `alarm-tier-${index + 1}`, `${tier}-${index + 1}`, part, runbook, false)),
        runbook,
        true,
      );
  }

  private composite(
    scope: Construct,
    id: string,
    name: string,
    alarms: readonly (CloudwatchMetricAlarm | CloudwatchCompositeAlarm)[],
    runbook: string,
    tells: boolean,
  ): CloudwatchCompositeAlarm {
    const actions = tells ? { alarmActions: [this.topicArn], okActions: [this.topicArn] } : {};
    return new CloudwatchCompositeAlarm(scope, id, {
      alarmName: this.names.of("cloudwatch_composite_alarm", name),
      alarmDescription: `CRITICAL: at least one alarm of the ${name} tier rings. Runbook: ${this.runbookBaseUrl}/${runbook}`,
      alarmRule: alarms.map((alarm) => `ALARM("${alarm.alarmNameInput}")`).join(" OR "),
      ...actions,
      // The rule names its alarms as text, which Terraform cannot see.
      dependsOn: [...alarms],
    });
  }

  /**
   * Passes events of AWS services on as they happen, within seconds.
   * @param pattern what to match. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
   * @param sentence the message; `<name>` stands for a value that `paths` finds in the event
   */
  event(
    scope: Construct,
    id: string,
    {
      means,
      pattern,
      paths,
      sentence,
      runbook,
    }: { means: string; pattern: object; paths: Record<string, string>; sentence: string; runbook: string },
  ): void {
    const rule = new CloudwatchEventRule(scope, `event-${id}`, {
      name: this.names.of("cloudwatch_event_rule", id),
      description: means,
      eventPattern: JSON.stringify(pattern),
    });
    new CloudwatchEventTarget(scope, `event-${id}-to-alerts`, {
      rule: rule.name,
      targetId: "alerts",
      arn: this.topicArn,
      inputTransformer: {
        inputPaths: paths,
        inputTemplate: JSON.stringify(`CRITICAL: ${sentence} Runbook: ${this.runbookBaseUrl}/${runbook}`),
      },
    });
  }

  /**
   * Passes events of RDS on. They are best effort and may come out of order.
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
   */
  databaseEvents(
    scope: Construct,
    id: string,
    sourceType: "db-cluster" | "db-instance",
    sourceIds: readonly string[],
    categories: readonly string[],
  ): void {
    new DbEventSubscription(scope, `events-${id}`, {
      name: this.names.of("db_event_subscription", id),
      snsTopic: this.topicArn,
      sourceType,
      sourceIds: [...sourceIds],
      eventCategories: [...categories],
      // RDS sends a test message when it subscribes, and refuses a topic that it may not publish to.
      dependsOn: [this.topicPolicy],
    });
  }
}
