import { z } from "zod";
import { flag, numberFrom, text } from "./builders";

const LOG_RETENTION = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html";
/** Retention periods of CloudWatch Logs in days. @see LOG_RETENTION */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const ERROR_BUDGET = "https://sre.google/workbook/alerting-on-slos/";
const AVAILABILITY_PERCENT = [99, 99.5, 99.9, 99.95, 99.99, 99.995, 99.999] as const;

export const monitoring = z.strictObject({
  log_retention_days: numberFrom(LOG_RETENTION_DAYS, "days", LOG_RETENTION).meta({ about: "Retention of the log groups in days." }),
  runbook_base_url: text(
    // The description of an alarm has at most 1024 characters, and < starts a variable in the message of an event.
    /^https?:\/\/[A-Za-z0-9._~:/@!$&'()*+,;=%-]{1,191}[A-Za-z0-9._~-]$/,
    "the base URL of the runbook pages, with its scheme, of up to 200 characters, without a query, a fragment and the closing slash",
    "https://wiki.bank.net/standfast/runbooks",
  )
    .meta({
      about: "Base URL of your copy of the runbook pages. Alerts link to <base>/database.md#replica-lag.",
      details: "Without it, the pages are documents of Systems Manager in each region, and alerts link to the console.",
      example: "https://wiki.bank.net/standfast/runbooks",
    })
    .optional(),
  availability_percent: numberFrom(AVAILABILITY_PERCENT, "percent", ERROR_BUDGET).meta({
    about: "The objective: percentage of requests in 30 days without a server error.",
    details: "The alarms on errors fire when its error budget is used too fast.",
  }),
  anomaly_detection: flag.meta({
    about: "Alarms when the number of requests or the latency is outside the band that CloudWatch expects.",
    details: "CloudWatch trains a model for two weeks.",
  }),
  chat: flag.meta({
    about: "Forwards alerts to Slack, PagerDuty or any HTTPS endpoint, and an hourly heartbeat to a service that expects it.",
    details: "Their URLs are in a secret: docs/runbooks/alerts.md. A change to false DELETES THE SECRET.",
  }),
  queue: flag.meta({
    about: "Forwards alerts to an SQS queue, for your own programs.",
    details: "A change to false DELETES THE QUEUE and the messages in it.",
  }),
});
