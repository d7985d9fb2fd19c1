import type { Construct } from "constructs";
import type { Alerts } from "./alerts";

/**
 * Passes on what AWS itself says of faults in one region, and of the global services. Any service: a code that is spelt
 * otherwise than AWS does would match nothing, and nobody would notice. us-west-2 gets all other regions' events too.
 * @see https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
 */
export function awsHealth(scope: Construct, alerts: Alerts, region: string): void {
  alerts.event(scope, "aws-health", {
    means: "AWS reports a fault of its own",
    pattern: {
      source: ["aws.health"],
      "detail-type": ["AWS Health Event"],
      detail: { eventTypeCategory: ["issue"], eventRegion: [region, "global"] },
    },
    paths: { service: "$.detail.service", code: "$.detail.eventTypeCode", status: "$.detail.statusCode", event: "$.detail.eventArn" },
    sentence: "AWS reports <code> of <service>, <status>: <event>",
    runbook: "alerts.md#aws-health",
  });
}
