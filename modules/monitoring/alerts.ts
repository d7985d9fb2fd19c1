import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { DbEventSubscription } from "@cdktf/provider-aws/lib/db-event-subscription";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import type { ITerraformDependable } from "cdktf";
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
  /** ARN of the topic's key; its policy must let the publishers in (`keyPolicyForAlerts`). */
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

/** Seconds over which one data point is collected: the shortest that AWS's own metrics have. */
const SHORTEST_PERIOD_SECONDS = 60;
/** Seconds that CloudWatch takes at most to receive a data point and then to look at the alarm again. */
const INGEST_SECONDS = 60;
const EVALUATION_SECONDS = 60;

/** An anomaly is three five-minute values in a row outside of two standard deviations. */
const ANOMALY = { periodSeconds: 300, periods: 3, deviations: 2 };

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
  private readonly composites: CloudwatchCompositeAlarm[] = [];

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
      alarmDescription: this.describe(severity, means, periodSeconds * periods, runbook),
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

  /**
   * Watches one metric for values that CloudWatch does not expect at this time of day and week. It learns for two weeks.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
   */
  anomaly(
    scope: Construct,
    id: string,
    { means, metric, missingData, runbook }: Pick<AlarmProps, "means" | "metric" | "missingData" | "runbook">,
  ): CloudwatchMetricAlarm {
    const { namespace, name: metricName, dimensions, statistic: stat } = metric;
    return new CloudwatchMetricAlarm(scope, `alarm-${id}`, {
      alarmName: this.names.of("cloudwatch_metric_alarm", id),
      alarmDescription: this.describe("warning", means, ANOMALY.periodSeconds * ANOMALY.periods, runbook),
      metricQuery: [
        { id: "band", expression: `ANOMALY_DETECTION_BAND(observed, ${ANOMALY.deviations})`, label: "expected", returnData: true },
        {
          id: "observed",
          metric: { namespace, metricName, dimensions: { ...dimensions }, stat, period: ANOMALY.periodSeconds },
          returnData: true,
        },
      ],
      thresholdMetricId: "band",
      comparisonOperator: "LessThanLowerOrGreaterThanUpperThreshold",
      evaluationPeriods: ANOMALY.periods,
      datapointsToAlarm: ANOMALY.periods,
      treatMissingData: missingData,
      alarmActions: [this.topicArn],
      okActions: [this.topicArn],
      tags: { Severity: "warning" },
    });
  }

  /** One alarm for a whole zone: rings while anything critical that stands in this zone does. */
  zone(scope: Construct, zone: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const means = `at least one critical alarm of the zone ${zone} rings`;
    this.keep(this.composite(scope, `alarm-${zone}`, `zone-${zone}`, means, critical(alarms), runbook, true));
  }

  /** One alarm for the whole region: rings while any tier or zone does that was told of before. */
  platform(scope: Construct, runbook: string): void {
    this.composite(
      scope,
      "alarm-platform",
      "platform",
      "at least one tier or zone of this region is not well",
      this.composites,
      runbook,
      true,
    );
  }

  /**
   * One alarm for a whole tier: rings while any of its critical alarms does; a warning wakes nobody by this way. Of many
   * alarms it takes one for each hundred first, of none there is none.
   */
  tier(scope: Construct, tier: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const members = critical(alarms);
    const parts = Array.from({ length: Math.ceil(members.length / MOST_ALARMS) }, (_, index) =>
      members.slice(index * MOST_ALARMS, (index + 1) * MOST_ALARMS),
    );
    const [only, ...others] = parts;
    if (!only) return;
    const means = `at least one critical alarm of the ${tier} tier rings`;
    const whole = (members: readonly (CloudwatchMetricAlarm | CloudwatchCompositeAlarm)[]): void => {
      this.keep(this.composite(scope, "alarm-tier", tier, means, members, runbook, true));
    };
    if (others.length === 0) whole(only);
    else
      whole(
        parts.map((part, index) => this.composite(scope, `alarm-tier-${index + 1}`, `${tier}-${index + 1}`, means, part, runbook, false)),
      );
  }

  private keep(composite: CloudwatchCompositeAlarm): void {
    this.composites.push(composite);
  }

  private composite(
    scope: Construct,
    id: string,
    name: string,
    means: string,
    alarms: readonly (CloudwatchMetricAlarm | CloudwatchCompositeAlarm)[],
    runbook: string,
    tells: boolean,
  ): CloudwatchCompositeAlarm {
    const actions = tells ? { alarmActions: [this.topicArn], okActions: [this.topicArn] } : {};
    return new CloudwatchCompositeAlarm(scope, id, {
      alarmName: this.names.of("cloudwatch_composite_alarm", name),
      alarmDescription: `CRITICAL: ${means}. Runbook: ${this.runbookBaseUrl}/${runbook}`,
      alarmRule: alarms.map((alarm) => `ALARM("${alarm.alarmNameInput}")`).join(" OR "),
      ...actions,
      // The rule names its alarms as text, which Terraform cannot see.
      dependsOn: [...alarms],
    });
  }

  private describe(severity: Severity, means: string, collectedSeconds: number, runbook: string): string {
    return `${severity.toUpperCase()}: ${means} At most ${latencySeconds(collectedSeconds)} s from fault to message. Runbook: ${this.runbookBaseUrl}/${runbook}`;
  }

  /**
   * Passes events of AWS services on as they happen, within seconds.
   */
  event(scope: Construct, id: string, { means, pattern, paths, sentence, runbook, severity = "critical", bus: of }: EventProps): void {
    const bus = of && { eventBusName: of.busName };
    const rule = new CloudwatchEventRule(scope, `event-${id}`, {
      ...bus,
      name: this.names.of("cloudwatch_event_rule", id),
      description: means,
      eventPattern: JSON.stringify(pattern),
    });
    new CloudwatchEventTarget(scope, `event-${id}-to-alerts`, {
      ...bus,
      rule: rule.name,
      targetId: "alerts",
      arn: this.topicArn,
      ...(of && { deadLetterConfig: { arn: of.deadLetters.arn }, dependsOn: [of.deadLetters.ready] }),
      inputTransformer: {
        inputPaths: { ...paths },
        inputTemplate: JSON.stringify(`${severity.toUpperCase()}: ${sentence} Runbook: ${this.runbookBaseUrl}/${runbook}`),
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
    sourceType: "db-cluster" | "db-instance" | "db-parameter-group",
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

function critical(alarms: readonly CloudwatchMetricAlarm[]): CloudwatchMetricAlarm[] {
  return alarms.filter(({ tagsInput }) => tagsInput?.["Severity"] === ("critical" satisfies Severity));
}
