import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { DbEventSubscription } from "@cdktf/provider-aws/lib/db-event-subscription";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Names, RegionScope } from "../../config/naming";
import { policy, type Statement } from "../iam/policy";
import type { AlarmProps, EventProps, Severity } from "./alert-props";
import { CompositeAlarms } from "./composite-alarms";

export interface AlertsProps extends RegionScope {
  /** Distinguishes the topic from other topics of the region: `alerts`. */
  readonly purpose: string;
  /** ARN of the topic's key. Its policy must allow the publishers (`keyPolicyForAlerts`). */
  readonly keyArn: string;
  /** HCL expression of the set of e-mail addresses that receive every alert. Each subscription must be confirmed once. */
  readonly emails: string;
  /** URL of the folder `docs/runbooks`, without the closing slash. */
  readonly runbookBaseUrl: string;
}

/** Period of one data point: the shortest period of the metrics that AWS services publish. */
const SHORTEST_PERIOD_SECONDS = 60;
/** Maximum seconds in which CloudWatch receives a data point, and then evaluates the alarm. */
const INGEST_SECONDS = 60;
const EVALUATION_SECONDS = 60;

/** An anomaly is three consecutive five-minute values outside a band of two standard deviations. */
const ANOMALY = { periodSeconds: 300, periods: 3, deviations: 2 };

/**
 * The maximum time from a failure to its message. A metric alarm on one-minute metrics cannot be faster; events report
 * within seconds.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
function latencySeconds(collectedSeconds: number): number {
  return collectedSeconds + INGEST_SECONDS + EVALUATION_SECONDS;
}

/**
 * The encrypted topic that notifies on-call, and its publishers: alarms, events, RDS and runbooks. Events arrive within
 * seconds, metric alarms within the latency that the description of each alarm states.
 */
export class Alerts extends Construct {
  readonly topicArn: string;
  private readonly names: Names;
  private readonly keyArn: string;
  private readonly runbookBaseUrl: string;
  private readonly topicPolicy: SnsTopicPolicy;
  /** Composite alarms over the alarms of this topic. */
  readonly composites: CompositeAlarms;

  constructor(scope: Construct, id: string, { names, purpose, region, accountId, keyArn, emails, runbookBaseUrl }: AlertsProps) {
    super(scope, id);
    this.names = names;
    this.keyArn = keyArn;
    this.runbookBaseUrl = runbookBaseUrl;
    const name = names.of("sns_topic", purpose);
    const topic = new SnsTopic(this, "topic", { name, kmsMasterKeyId: keyArn });
    this.topicArn = topic.arn;
    const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
    this.composites = new CompositeAlarms({ names, topicArn: topic.arn, runbookBaseUrl });
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
        // EventBridge provides no condition keys to SNS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
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

  /** Permissions of a role that publishes to the topic, including its key. */
  grantPublish(): Statement[] {
    return [
      { Sid: "NotifyOnCall", Action: "sns:Publish", Resource: this.topicArn },
      { Sid: "EncryptMessages", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: this.keyArn },
    ];
  }

  /** An alarm on one metric. One data point is sufficient by default. @param id unique in the region; part of the alarm's name */
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
   * An alarm on values outside the band that CloudWatch expects at this time of the day and week. The model is trained on
   * two weeks of data.
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

  private describe(severity: Severity, means: string, collectedSeconds: number, runbook: string): string {
    return `${severity.toUpperCase()}: ${means} Maximum latency: ${latencySeconds(collectedSeconds)} s. Runbook: ${this.runbookBaseUrl}/${runbook}`;
  }

  /**
   * Forwards events to the topic, within seconds.
   */
  event(scope: Construct, id: string, { means, pattern, paths, sentence, runbook, severity = "critical", bus: source }: EventProps): void {
    const bus = source && { eventBusName: source.busName };
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
      ...(source && { deadLetterConfig: { arn: source.deadLetters.arn }, dependsOn: [source.deadLetters.ready] }),
      inputTransformer: {
        inputPaths: { ...paths },
        inputTemplate: JSON.stringify(`${severity.toUpperCase()}: ${sentence} Runbook: ${this.runbookBaseUrl}/${runbook}`),
      },
    });
  }

  /**
   * Forwards RDS events to the topic. They are delivered with best effort, and may arrive out of order.
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
      // RDS publishes a test message at the subscription, which fails without the permission to publish.
      dependsOn: [this.topicPolicy],
    });
  }
}
