import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from "@aws-sdk/client-sns";
import type { Config } from "../../config/config";
import { retryOptions } from "../verify/aws";
import type { ExpectedResources } from "../verify/expected";
import type { Examination, Finding } from "./finding";

const PENDING = "PendingConfirmation";

/** The e-mail subscriptions of the topics of one stack. Before the first deployment there is no topic. */
export function subscriptions(config: Config, stack: string, expected: ExpectedResources): readonly Examination[] {
  const emails = expected.find([stack], "aws_sns_topic_subscription").filter(({ values }) => values["protocol"] === "email");
  return emails.map(({ stack: of, region, values }) => {
    const topic = expected.resolve(of, String(values["topic_arn"]).replace(".arn}", ".name}")) ?? "";
    return {
      scope: stack,
      need: `Confirmed e-mail subscriptions of ${topic}`,
      examine: async () => {
        const client = new SNSClient({ region, ...retryOptions });
        try {
          const found: Subscription[] = [];
          const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: `arn:aws:sns:${region}:${config.accountId}:${topic}` });
          for await (const page of pages) found.push(...(page.Subscriptions ?? []));
          return subscriptionFinding(config.alertEmails, found);
        } catch (error) {
          if ((error as Error).name !== "NotFoundException") throw error;
          return {
            result: "notice" as const,
            found: "the topic does not exist yet",
            cure: "Confirm each subscription after the first apply",
          };
        }
      },
    };
  });
}

export function subscriptionFinding(wanted: readonly string[], found: readonly Subscription[]): Omit<Finding, "scope" | "need"> {
  const of = (email: string): Subscription | undefined => found.find(({ Endpoint }) => Endpoint?.toLowerCase() === email.toLowerCase());
  const pending = wanted.filter((email) => of(email)?.SubscriptionArn === PENDING);
  const missing = wanted.filter((email) => of(email) === undefined);
  if (pending.length + missing.length === 0) return { result: "ready", found: wanted.join(", ") };
  return {
    result: "problem",
    found: [...pending.map((email) => `${email} has not confirmed`), ...missing.map((email) => `${email} is not subscribed`)].join(", "),
    cure:
      missing.length > 0
        ? "Apply, and confirm the link in the e-mail"
        : "Confirm the link in the e-mail of AWS Notifications; AWS sends it again when you apply after removing the address",
  };
}
