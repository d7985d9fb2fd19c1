import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";

/** ACM renews its own certificates 60 days before they end. With so many days left, something keeps it from doing so. */
export const MIN_CERTIFICATE_DAYS = 30;
const RUNBOOK = "front-door.md#certificate";

/**
 * Events of ACM within a day of the trouble, and an alarm on the days that are left, for certificates from elsewhere too.
 * @see https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html
 */
export function certificateAlarm(scope: Construct, certificateArn: string, alerts: Alerts): CloudwatchMetricAlarm {
  alerts.event(scope, "certificate-expiring", {
    means: "The certificate of the load balancer is not renewed, is ending, or was withdrawn",
    pattern: {
      source: ["aws.acm"],
      "detail-type": [
        "ACM Certificate Renewal Action Required",
        "ACM Certificate Approaching Expiration",
        "ACM Certificate Expired",
        "ACM Certificate Revoked",
      ],
      resources: [certificateArn],
    },
    paths: { what: "$.detail-type", name: "$.detail.CommonName" },
    sentence: "<what>: <name>",
    runbook: RUNBOOK,
  });
  return alerts.alarm(scope, "certificate-days-low", {
    severity: "critical",
    means: `The certificate of the load balancer ends in less than ${MIN_CERTIFICATE_DAYS} days: clients will turn away.`,
    metric: {
      namespace: "AWS/CertificateManager",
      name: "DaysToExpiry",
      dimensions: { CertificateArn: certificateArn },
      statistic: "Minimum",
      label: "days left",
    },
    // ACM reports twice a day.
    periodSeconds: 86_400,
    when: { below: MIN_CERTIFICATE_DAYS },
    // Nothing is reported before the first day is over, and nothing once the certificate has ended: that must not look well.
    missingData: "ignore",
    runbook: RUNBOOK,
  });
}
