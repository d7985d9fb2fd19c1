import type { Construct } from "constructs";
import type { Alerts } from "./alerts";

/**
 * Forwards AWS Health issues of one region and of global services. The pattern names no service: a misspelt service code
 * would match nothing, and the error would not be detected. us-west-2 also receives the events of all other regions.
 * @see https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
 */
export function awsHealth(scope: Construct, alerts: Alerts, region: string): void {
  alerts.event(scope, "aws-health", {
    means: "AWS reports an issue",
    pattern: {
      source: ["aws.health"],
      "detail-type": ["AWS Health Event"],
      detail: { eventTypeCategory: ["issue"], eventRegion: [region, "global"] },
    },
    paths: { service: "$.detail.service", code: "$.detail.eventTypeCode", status: "$.detail.statusCode", event: "$.detail.eventArn" },
    sentence: "AWS Health reports <code> for <service>, status <status>: <event>",
    runbook: "alerts.md#aws-health",
  });
}
