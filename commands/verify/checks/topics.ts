import { DescribeEventSubscriptionsCommand } from "@aws-sdk/client-rds";
import { GetTopicAttributesCommand, paginateListSubscriptionsByTopic, type Subscription } from "@aws-sdk/client-sns";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { Expected } from "../expected";
import type { Live } from "../live";
import type { LiveRegion } from "../live-region";

/** A confirmed subscription has an ARN; before, SNS returns `PendingConfirmation`. */
const CONFIRMED = "arn:";

/** Of any scope. */
export const TOPICS: readonly Check<Live>[] = [
  {
    requirement: "Every topic is encrypted with its own key, has all subscriptions, and every e-mail subscription is confirmed",
    requirementIds: ["S000-5.4", "S000-T7", "S000-D8", "S002-5.4", "S002-T8", "S002-C6", "S002-D7", "S003-7.2", "S003-D10", "S004-8.3"],
    violations: (live) =>
      checkEach(live.resources("aws_sns_topic"), (topic) => {
        const name = live.text(topic, "name");
        return checkResource(name, async () => {
          const { sns } = live.aws(topic.region);
          const TopicArn = live.aws(topic.region).arn("sns", name);
          const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
          const subscriptions: Subscription[] = [];
          const protocols = protocolsOf(live, topic);
          for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
            subscriptions.push(...Subscriptions);
          return [
            ...differences({ key: [Attributes?.["KmsMasterKeyId"], await live.referencedKey(topic, topic.values["kms_master_key_id"])] }),
            ...(protocols.includes("email") ? live.config.alertEmails.flatMap((email) => notified(subscriptions, email)) : []),
            ...protocols
              .filter((protocol) => protocol !== "email")
              .filter((protocol) => !subscriptions.some(({ Protocol }) => Protocol === protocol))
              .map((protocol) => `has no ${protocol} subscription`),
          ];
        });
      }),
  },
];

export const DATABASE_EVENTS: readonly Check<LiveRegion>[] = [
  {
    requirement: "RDS event notifications are enabled and go to their topic",
    requirementIds: ["S000-5.1", "S000-D7", "S003-7.4", "S004-G3"],
    appliesTo: (live) => live.resources("aws_db_event_subscription").length > 0,
    violations: (live) =>
      checkEach(live.resources("aws_db_event_subscription"), (subscription) => {
        const SubscriptionName = live.text(subscription, "name");
        return checkResource(SubscriptionName, async () => {
          const { EventSubscriptionsList: [found] = [] } = await live.own.rds.send(
            new DescribeEventSubscriptionsCommand({ SubscriptionName }),
          );
          return differences({
            status: [found?.Status, "active"],
            enabled: [found?.Enabled, true],
            topic: [found?.SnsTopicArn, live.referencedTopic(subscription, subscription.values["sns_topic"])],
            "event categories": [found?.EventCategoriesList?.toSorted(), (subscription.values["event_categories"] as string[]).toSorted()],
          });
        });
      }),
  },
];

function notified(subscriptions: readonly Subscription[], email: string): string[] {
  const subscription = subscriptions.find(({ Protocol, Endpoint }) => Protocol === "email" && Endpoint === email);
  if (!subscription) return [`${email} is not subscribed`];
  return subscription.SubscriptionArn?.startsWith(CONFIRMED) ? [] : [`${email} has not confirmed the subscription`];
}

/** Protocols of the subscriptions that the stacks declare. */
function protocolsOf(live: Live, topic: Expected): string[] {
  const { expected } = live.environment;
  return live
    .resources("aws_sns_topic_subscription")
    .filter(({ stack, values }) => expected.referenced(stack, values["topic_arn"]) === topic)
    .map(({ values }) => String(values["protocol"]));
}
