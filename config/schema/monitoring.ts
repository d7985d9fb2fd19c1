import { z } from "zod";
import { flag, numberFrom, text } from "./builders";

const LOG_RETENTION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html";
/** Days that CloudWatch Logs can keep events for. @see LOG_RETENTION */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const monitoring = z.strictObject({
  log_retention_days: numberFrom(LOG_RETENTION_DAYS, "days", LOG_RETENTION).meta({ about: "Days that log groups keep events." }),
  runbook_base_url: text(
    /^\S+$/,
    "where the runbooks are published, without the closing slash",
    "https://wiki.bank.net/standfast/runbooks",
  ).meta({ about: "Where the runbooks are published: alarms link to <base>/database.md#replica-lag." }),
  anomaly_detection: flag.meta({
    about: "Alarms when requests or latency are not as CloudWatch has learnt to expect.",
    details: "It learns for two weeks.",
  }),
  chat: flag.meta({
    about: "Pass alerts on to Slack, PagerDuty or any HTTPS endpoint.",
    details: "Their addresses go into a secret: docs/runbooks/alerts.md.",
  }),
  queue: flag.meta({ about: "Pass alerts on to an SQS queue, for programs of your own." }),
});
