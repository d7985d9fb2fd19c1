import { type CompositeAlarm, DescribeAlarmsCommand, GetDashboardCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { GetAliasCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { DescribeEventSubscriptionsCommand } from "@aws-sdk/client-rds";
import { DescribeStateMachineCommand } from "@aws-sdk/client-sfn";
import { GetTopicAttributesCommand, paginateListSubscriptionsByTopic, type Subscription } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { type Check, differences, of, ofEach } from "../check";
import type { Expected } from "../expected";
import type { Live, LiveRegion } from "../live";

/** Alarms that one call describes. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const ALARMS_AT_ONCE = 100;
/** SNS gives a subscription its ARN once it is confirmed, and `PendingConfirmation` until then. */
const CONFIRMED = "arn:";

/** What watches and tells, of any scope. */
export const WATCHING: readonly Check<Live>[] = [
  {
    requirement: "Every alarm exists, is switched on, and leads to the topic of alerts",
    lines: [
      "S000-5.1",
      "S000-5.2",
      "S000-5.3",
      "S000-T6",
      "S000-D7",
      "S002-5.1",
      "S002-5.2",
      "S002-5.3",
      "S002-T7",
      "S002-C6",
      "S002-D7",
      "S003-7.1",
      "S003-7.3",
      "S003-7.4",
      "S003-7.5",
      "S003-S9",
      "S003-D10",
      "S004-G3",
      "S004-4.4",
      "S004-8.2",
      "S004-8.3",
      "S004-C5",
    ],
    faults: async (live) =>
      (await alarms(live)).flatMap(({ name, meant, actual }) => {
        if (!actual) return [`${name} does not exist`];
        const topics = ((meant.values["alarm_actions"] ?? []) as unknown[]).map((topic) => topicArn(live, meant, topic));
        return [
          ...topics.filter((topic) => !actual.AlarmActions?.includes(topic)).map((topic) => `${name} does not lead to ${topic}`),
          ...(actual.ActionsEnabled === true ? [] : [`${name} is switched off`]),
        ];
      }),
  },
  {
    requirement: "Every alarm looks at its metric as often, and rings as soon, as it promises",
    lines: ["S000-G4", "S000-5.6", "S000-C8", "S000-S2", "S003-7.3"],
    faults: async (live) =>
      (await alarms(live)).flatMap(({ name, meant: { values }, actual }) => {
        if (!actual || !("MetricName" in actual)) return [];
        return differences({
          metric: [actual.MetricName, values["metric_name"]],
          period: [actual.Period, values["period"]],
          "number of periods": [actual.EvaluationPeriods, values["evaluation_periods"]],
          threshold: [actual.Threshold, values["threshold"]],
          "meaning of silence": [actual.TreatMissingData, values["treat_missing_data"]],
        }).map((fault) => `${name}: ${fault}`);
      }),
  },
  {
    requirement: "Every event rule is switched on, and leads somewhere",
    lines: ["S000-5.1", "S000-5.2", "S000-T6", "S003-7.4", "S003-7.5", "S004-6.2", "S004-6.3", "S004-7.3", "S004-8.3", "S004-9.2"],
    asked: (live) => live.resources("aws_cloudwatch_event_rule").length > 0,
    faults: (live) =>
      ofEach(live.resources("aws_cloudwatch_event_rule"), (rule) => {
        const Name = live.text(rule, "name");
        return of(Name, async () => {
          const { events } = live.aws(rule.region);
          const bus = rule.values["event_bus_name"];
          const on = bus === undefined ? {} : { EventBusName: live.nameBehind(rule.stack, bus, "name") };
          const { State } = await events.send(new DescribeRuleCommand({ Name, ...on }));
          const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name, ...on }));
          const meant = live
            .resources("aws_cloudwatch_event_target")
            .filter(({ stack, values }) => live.environment.expected.referred(stack, values["rule"]) === rule)
            .map(({ values }) => values["target_id"]);
          return [
            ...differences({ state: [State, "ENABLED"] }),
            ...meant.filter((id) => !Targets.some((target) => target.Id === id)).map((id) => `does not lead to ${String(id)}`),
          ];
        });
      }),
  },
  {
    requirement: "The topic of alerts is encrypted under its own key, and everybody who is to be told has confirmed",
    lines: ["S000-5.4", "S000-T7", "S000-D8", "S002-5.4", "S002-T8", "S002-C6", "S002-D7", "S003-7.2", "S003-D10", "S004-8.3"],
    faults: (live) =>
      ofEach(live.resources("aws_sns_topic"), (topic) => {
        const name = live.text(topic, "name");
        return of(name, async () => {
          const { sns } = live.aws(topic.region);
          const TopicArn = live.aws(topic.region).arn("sns", name);
          const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
          const subscriptions: Subscription[] = [];
          for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
            subscriptions.push(...Subscriptions);
          return [
            ...differences({ key: [Attributes?.["KmsMasterKeyId"], await live.keyBehind(topic, topic.values["kms_master_key_id"])] }),
            ...live.config.alertEmails.flatMap((email) => told(subscriptions, email)),
            ...furtherProtocols(live, topic)
              .filter((protocol) => !subscriptions.some(({ Protocol }) => Protocol === protocol))
              .map((protocol) => `tells nobody by ${protocol}`),
          ];
        });
      }),
  },
  {
    requirement: "Every dashboard exists",
    lines: ["S000-5.5", "S000-S5", "S000-D9", "S003-7.6"],
    faults: (live) =>
      ofEach(live.resources("aws_cloudwatch_dashboard"), (dashboard) => {
        const DashboardName = live.text(dashboard, "dashboard_name");
        return of(DashboardName, async () => {
          const { DashboardBody } = await live.aws(dashboard.region).cloudwatch.send(new GetDashboardCommand({ DashboardName }));
          return DashboardBody ? [] : ["is empty"];
        });
      }),
  },
];

/** What only a region has. */
export const OPERATING: readonly Check<LiveRegion>[] = [
  {
    requirement: "RDS tells the topic of alerts about failovers and failures",
    lines: ["S000-5.1", "S000-D7", "S003-7.4", "S004-G3"],
    asked: (live) => live.resources("aws_db_event_subscription").length > 0,
    faults: (live) =>
      ofEach(live.resources("aws_db_event_subscription"), (meant) => {
        const SubscriptionName = live.text(meant, "name");
        return of(SubscriptionName, async () => {
          const { EventSubscriptionsList: [found] = [] } = await live.own.rds.send(
            new DescribeEventSubscriptionsCommand({ SubscriptionName }),
          );
          return differences({
            status: [found?.Status, "active"],
            "being switched on": [found?.Enabled, true],
            topic: [found?.SnsTopicArn, topicArn(live, meant, meant.values["sns_topic"])],
            events: [found?.EventCategoriesList?.toSorted(), (meant.values["event_categories"] as string[]).toSorted()],
          });
        });
      }),
  },
  {
    requirement: "Every runbook is ready to start, encrypted, logged and traced",
    lines: ["S004-9.1", "S004-9.2", "S004-9.3", "S004-S6", "S004-D10", "S004-C8"],
    asked: (live) => live.resources("aws_sfn_state_machine").length > 0,
    faults: (live) =>
      ofEach(live.resources("aws_sfn_state_machine"), (machine) => {
        const name = live.text(machine, "name");
        return of(name, async () => {
          // The definition is encrypted: whoever only looks needs no permission on its key.
          const found = await live.own.sfn.send(
            new DescribeStateMachineCommand({
              stateMachineArn: live.own.arn("states", `stateMachine:${name}`),
              includedData: "METADATA_ONLY",
            }),
          );
          const key = (machine.values["encryption_configuration"] as { kms_key_id: string }).kms_key_id;
          return differences({
            status: [found.status, "ACTIVE"],
            "level of its log": [found.loggingConfiguration?.level, "ALL"],
            tracing: [found.tracingConfiguration?.enabled, true],
            key: [found.encryptionConfiguration?.kmsKeyId, await live.keyBehind(machine, key)],
          });
        });
      }),
  },
  {
    requirement: "Every function is ready, traced, and encrypts its settings under a key of its own",
    lines: ["S002-3.1", "S002-3.2", "S002-T5", "S002-C5", "S002-D5", "S004-7.3", "S004-T11"],
    asked: (live) => live.resources("aws_lambda_function").length > 0,
    faults: (live) =>
      ofEach(live.resources("aws_lambda_function"), (meant) => {
        const FunctionName = live.text(meant, "function_name");
        return of(FunctionName, async () => {
          const found = await live.own.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
          return differences({
            // Lambda wakes up a function that was not called for weeks.
            state: [found.State === "Inactive" ? "Active" : found.State, "Active"],
            "last update": [found.LastUpdateStatus, "Successful"],
            tracing: [found.TracingConfig?.Mode, "Active"],
            key: [found.KMSKeyArn, await live.keyBehind(meant, meant.values["kms_key_arn"])],
          });
        });
      }),
  },
  {
    requirement: "Payments are validated through an alias that a release can shift",
    lines: ["S002-3.1", "S002-T5", "S002-D5"],
    asked: ({ config }) => config.validation.enabled,
    faults: (live) =>
      ofEach(live.resources("aws_lambda_alias"), (alias) => {
        const FunctionName = live.nameBehind(alias.stack, alias.values["function_name"], "function_name");
        const Name = live.text(alias, "name");
        return of(`${FunctionName}:${Name}`, async () => {
          const { FunctionVersion } = await live.own.lambda.send(new GetAliasCommand({ FunctionName, Name }));
          return FunctionVersion === "$LATEST" ? ["leads to code that was never published"] : [];
        });
      }),
  },
  {
    requirement: "The event bus is encrypted, and its events are archived as long as configured",
    lines: ["S004-6.1", "S004-6.3", "S004-D7"],
    asked: ({ config }) => config.events.enabled,
    faults: async (live) => {
      const [Name, ArchiveName] = [live.ownNames.of("cloudwatch_event_bus"), live.ownNames.of("cloudwatch_event_archive")];
      return [
        ...(await of(Name, async () => {
          const { KmsKeyIdentifier } = await live.own.events.send(new DescribeEventBusCommand({ Name }));
          return differences({ key: [KmsKeyIdentifier, await live.key("events")] });
        })),
        ...(await of(ArchiveName, async () => {
          const { State, RetentionDays } = await live.own.events.send(new DescribeArchiveCommand({ ArchiveName }));
          return differences({ state: [State, "ENABLED"], "retention, in days,": [RetentionDays, live.config.events.archiveDays] });
        })),
      ];
    },
  },
  {
    requirement: "Every queue exists, encrypted under its own key",
    lines: ["S004-T11"],
    asked: (live) => live.resources("aws_sqs_queue").length > 0,
    faults: (live) =>
      ofEach(live.resources("aws_sqs_queue"), (queue) => {
        const QueueName = live.text(queue, "name");
        return of(QueueName, async () => {
          const { QueueUrl } = await live.own.sqs.send(new GetQueueUrlCommand({ QueueName }));
          const { Attributes } = await live.own.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["KmsMasterKeyId"] }));
          return differences({ key: [Attributes?.KmsMasterKeyId, await live.keyBehind(queue, queue.values["kms_master_key_id"])] });
        });
      }),
  },
  {
    // That they run is for their alarms to say: silence is an alarm.
    requirement: "Every canary exists",
    lines: ["S000-6.2", "S004-8.1", "S004-8.4", "S004-S5", "S004-D9"],
    asked: ({ config }) => config.canaries.enabled,
    faults: async (live) => {
      const found = await live.own.tagged();
      const names = live.resources("aws_synthetics_canary").map((canary) => live.text(canary, "name"));
      return names.filter((name) => !found.has(live.own.arn("synthetics", `canary:${name}`))).map((name) => `${name} does not exist`);
    },
  },
];

interface Alarm {
  readonly name: string;
  readonly meant: Expected;
  readonly actual: MetricAlarm | CompositeAlarm | undefined;
}

/** Every alarm that the stacks declare, as it is. */
async function alarms(live: Live): Promise<Alarm[]> {
  const meant = ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"].flatMap((type) => live.resources(type));
  const batches = [...new Set(meant.map(({ region }) => region))].flatMap((region) => {
    const own = meant.filter((alarm) => alarm.region === region);
    const count = Math.ceil(own.length / ALARMS_AT_ONCE);
    return Array.from({ length: count }, (_, index) => own.slice(index * ALARMS_AT_ONCE, (index + 1) * ALARMS_AT_ONCE));
  });
  const found = await Promise.all(
    batches.map(async (batch) => {
      const AlarmNames = batch.map((alarm) => live.text(alarm, "alarm_name"));
      const { MetricAlarms = [], CompositeAlarms = [] } = await live
        .aws(batch[0]?.region ?? "")
        .cloudwatch.send(
          new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: ALARMS_AT_ONCE }),
        );
      return batch.map((alarm) => {
        const name = live.text(alarm, "alarm_name");
        return { name, meant: alarm, actual: [...MetricAlarms, ...CompositeAlarms].find(({ AlarmName }) => AlarmName === name) };
      });
    }),
  );
  return found.flat();
}

/** ARN of a topic that a resource refers to. */
function topicArn(live: Live, { stack, region }: Expected, reference: unknown): string {
  return live.aws(region).arn("sns", live.nameBehind(stack, reference, "name"));
}

function told(subscriptions: readonly Subscription[], email: string): string[] {
  const subscription = subscriptions.find(({ Protocol, Endpoint }) => Protocol === "email" && Endpoint === email);
  if (!subscription) return [`does not tell ${email}`];
  return subscription.SubscriptionArn?.startsWith(CONFIRMED) ? [] : [`${email} has not confirmed yet`];
}

/** How a topic tells others than people. */
function furtherProtocols(live: Live, topic: Expected): string[] {
  const { expected } = live.environment;
  return live
    .resources("aws_sns_topic_subscription")
    .filter(({ stack, values }) => expected.referred(stack, values["topic_arn"]) === topic)
    .map(({ values }) => String(values["protocol"]))
    .filter((protocol) => protocol !== "email");
}
