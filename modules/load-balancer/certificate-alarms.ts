import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";

/** ACM renews its own certificates earlier. A certificate with fewer days than this was not renewed. */
export const MIN_CERTIFICATE_DAYS = 30;
const RUNBOOK = "load-balancer.md#certificate";

/**
 * ACM events, which arrive within a day, and an alarm on the days to expiry, which also applies to imported certificates. The event
 * of an approaching expiration is not forwarded: ACM sends it daily, also for certificates that it is about to renew.
 * @see https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html
 */
export function certificateAlarm(scope: Construct, certificateArn: string, alerts: Alerts): CloudwatchMetricAlarm {
  alerts.event(scope, "certificate-expiring", {
    means: "The certificate of the load balancer cannot be renewed, has expired or was revoked",
    clients: "connections fail once the certificate has expired or is revoked",
    pattern: {
      source: ["aws.acm"],
      "detail-type": ["ACM Certificate Renewal Action Required", "ACM Certificate Expired", "ACM Certificate Revoked"],
      resources: [certificateArn],
    },
    paths: { what: "$.detail-type", name: "$.detail.CommonName" },
    sentence: "<what>: <name>",
    runbook: RUNBOOK,
  });
  return alerts.alarm(scope, "certificate-days-low", {
    severity: "critical",
    means: `The certificate of the load balancer expires in less than ${MIN_CERTIFICATE_DAYS} days. Clients reject an expired certificate.`,
    metric: {
      namespace: "AWS/CertificateManager",
      name: "DaysToExpiry",
      dimensions: { CertificateArn: certificateArn },
      statistic: "Minimum",
      label: "days to expiry",
    },
    // ACM publishes the metric twice a day.
    periodSeconds: 86_400,
    when: { below: MIN_CERTIFICATE_DAYS },
    // ACM publishes nothing on the first day, and nothing after the expiry, which must not set the alarm to OK.
    missingData: "ignore",
    runbook: RUNBOOK,
  });
}
