import { z } from "zod";
import { flag, numberFrom, text } from "./builders";

const LOG_RETENTION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html";
/** Retention periods of CloudWatch Logs in days. @see LOG_RETENTION */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const monitoring = z.strictObject({
  log_retention_days: numberFrom(LOG_RETENTION_DAYS, "days", LOG_RETENTION).meta({ about: "Retention of the log groups in days." }),
  runbook_base_url: text(
    /^\S+$/,
    "the base URL of the runbook pages, without the closing slash",
    "https://wiki.bank.net/standfast/runbooks",
  ).meta({ about: "Base URL of the runbook pages. Alarms link to <base>/database.md#replica-lag." }),
  anomaly_detection: flag.meta({
    about: "Alarms when the number of requests or the latency is outside the band that CloudWatch expects.",
    details: "CloudWatch trains a model for two weeks.",
  }),
  chat: flag.meta({
    about: "Forwards alerts to Slack, PagerDuty or any HTTPS endpoint.",
    details: "Their URLs are in a secret: docs/runbooks/alerts.md.",
  }),
  queue: flag.meta({ about: "Forwards alerts to an SQS queue, for your own programs." }),
});
