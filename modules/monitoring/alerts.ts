import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { DbEventSubscription } from "@cdktf/provider-aws/lib/db-event-subscription";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Statement } from "../iam/policy";
import type { AlarmProps, DeadLetterQueue, EventProps } from "./alert-props";
import type { RunbookPages } from "../runbook-pages/runbook-pages";
import { alertTopic, type AlertTopicProps } from "./alert-topic";
import { CompositeAlarms } from "./composite-alarms";
import { messageText } from "./message";
import { observed, queried } from "./observed";
import type { Metric } from "./metric";

export interface AlertsProps extends Omit<AlertTopicProps, "rulesMayPublish"> {
  /** Template of the set of e-mail addresses that receive every alert: `${toset(["oncall@bank.net"])}`. Each subscription must be confirmed once. */
  readonly emails: string;
  /** The runbook pages, to which the messages link. */
  readonly pages: RunbookPages;
}

type AlertTopic = ReturnType<typeof alertTopic>;

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
 * seconds, metric alarms within the latency that the description of each alarm states. An alarm in a composite alarm publishes
 * to a second topic: the composite alarm notifies on-call, once for all its alarms.
 */
export class Alerts extends Construct {
  /** The topic that notifies on-call. */
  readonly topicArn: string;
  /** Composite alarms over the alarms of this topic. */
  readonly composites: CompositeAlarms;
  /** The runbook pages, to which all messages link. */
  readonly pages: RunbookPages;
  private readonly names: Names;
  private readonly keyArn: string;
  private readonly topics: { readonly alerts: AlertTopic; details?: AlertTopic };
  private ruleDeadLetters?: DeadLetterQueue;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlertsProps,
  ) {
    super(scope, id);
    const { names, keyArn, emails, pages } = props;
    this.names = names;
    this.keyArn = keyArn;
    this.pages = pages;
    this.topics = { alerts: alertTopic(this, "topic", { ...props, rulesMayPublish: true }) };
    this.topicArn = this.topics.alerts.arn;
    this.composites = new CompositeAlarms({ names, topicArn: this.topicArn, detailsTopicArn: () => this.detailsTopicArn, pages });
    const subscription = new SnsTopicSubscription(this, "email", {
      topicArn: this.topicArn,
      protocol: "email",
      endpoint: "${each.value}",
    });
    subscription.addOverride("for_each", emails);
  }

  /** The topic of what belongs to an incident and does not notify on-call: the alarms in composite alarms, and details of a failover. */
  get detailsTopicArn(): string {
    return this.detailsTopic().arn;
  }

  /** Created when it is first requested: the alarms between regions are in no composite alarm. */
  private detailsTopic(): AlertTopic {
    return (this.topics.details ??= alertTopic(this, "details-topic", {
      ...this.props,
      purpose: `${this.props.purpose}-details`,
      rulesMayPublish: false,
    }));
  }

  /** Permissions of a role that publishes to the topic, including its key. */
  grantPublish(): Statement[] {
    return [
      { Sid: "NotifyOnCall", Action: "sns:Publish", Resource: this.topicArn },
      { Sid: "EncryptMessages", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: this.keyArn },
    ];
  }

  /** An alarm on one metric, or on a value computed of several. One data point is sufficient by default. @param id unique in the region; part of the alarm's name */
  alarm(scope: Construct, id: string, props: AlarmProps): CloudwatchMetricAlarm {
    const { metric, periodSeconds = SHORTEST_PERIOD_SECONDS, periods = 1, when, missingData, severity } = props;
    return new CloudwatchMetricAlarm(scope, `alarm-${id}`, {
      alarmName: this.names.of("cloudwatch_metric_alarm", id),
      alarmDescription: this.describe(props, periodSeconds * periods),
      ...observed(metric, periodSeconds),
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
    { means, metric, missingData, runbook }: Pick<AlarmProps, "means" | "missingData" | "runbook"> & { readonly metric: Metric },
  ): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(scope, `alarm-${id}`, {
      alarmName: this.names.of("cloudwatch_metric_alarm", id),
      alarmDescription: this.describe({ severity: "warning", means, runbook }, ANOMALY.periodSeconds * ANOMALY.periods),
      metricQuery: [
        { id: "band", expression: `ANOMALY_DETECTION_BAND(observed, ${ANOMALY.deviations})`, label: "expected", returnData: true },
        { id: "observed", metric: queried(metric, ANOMALY.periodSeconds), returnData: true },
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

  private describe(
    { severity, means, clients, runbook }: Pick<AlarmProps, "severity" | "means" | "clients" | "runbook">,
    collectedSeconds: number,
  ): string {
    return messageText({
      severity,
      means,
      clients,
      details: `Maximum latency: ${latencySeconds(collectedSeconds)} s.`,
      pages: this.pages,
      runbook,
    });
  }

  /** Sets the dead-letter queue of rules on the default bus. It is created after the topic, to which its alarm publishes. */
  retainUndelivered(ruleDeadLetters: DeadLetterQueue): void {
    this.ruleDeadLetters = ruleDeadLetters;
  }

  /**
   * Forwards events to the topic, within seconds.
   */
  event(
    scope: Construct,
    id: string,
    { means, clients, pattern, paths, sentence, runbook, severity = "critical", bus: source }: EventProps,
  ): void {
    const bus = source && { eventBusName: source.busName };
    const deadLetters = source?.deadLetters ?? this.ruleDeadLetters;
    if (!deadLetters) throw new Error(`the event ${id} has no dead-letter queue: call retainUndelivered() before event()`);
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
      deadLetterConfig: { arn: deadLetters.arn },
      dependsOn: [deadLetters.ready],
      inputTransformer: {
        inputPaths: { ...paths, since: "$.time" },
        inputTemplate: JSON.stringify(
          messageText({ severity, means: sentence, clients, details: "Since: <since>.", pages: this.pages, runbook }),
        ),
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
    audience: "on-call" | "details",
    sourceType: "db-cluster" | "db-instance" | "db-parameter-group",
    sourceIds: readonly string[],
    categories: readonly string[],
  ): void {
    const topic = audience === "on-call" ? this.topics.alerts : this.detailsTopic();
    new DbEventSubscription(scope, `events-${id}`, {
      name: this.names.of("db_event_subscription", id),
      snsTopic: topic.arn,
      sourceType,
      sourceIds: [...sourceIds],
      eventCategories: [...categories],
      // RDS publishes a test message at the subscription, which fails without the permission to publish.
      dependsOn: [topic.ready],
    });
  }
}
