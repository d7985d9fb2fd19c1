import type { Construct } from "constructs";
import type { Alerts } from "./alerts";

/** The backup region of all other regions, and its own backup region. */
const BACKUP_REGION = "us-west-2";
const BACKUP_OF_BACKUP_REGION = "us-east-1";

/**
 * Forwards AWS Health issues of a region and of global services. The pattern names no service: a misspelt service code
 * would match nothing, and the error would not be detected. AWS Health delivers each event to a backup region too, which
 * forwards the issues of the platform's other regions: a lost region may not be able to.
 * @param regions all regions of the platform
 * @see https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html
 */
export function awsHealth(scope: Construct, alerts: Alerts, region: string, regions: readonly string[]): void {
  const backedUp = regions.filter((other) => other !== region && backupRegionOf(other) === region);
  alerts.event(scope, "aws-health", {
    means: "AWS reports an issue",
    clients: "unknown, the other alarms show it",
    pattern: {
      source: ["aws.health"],
      "detail-type": ["AWS Health Event"],
      detail: { eventTypeCategory: ["issue"], eventRegion: [region, "global", ...backedUp] },
    },
    paths: {
      service: "$.detail.service",
      code: "$.detail.eventTypeCode",
      affected: "$.detail.eventRegion",
      status: "$.detail.statusCode",
      event: "$.detail.eventArn",
    },
    sentence: "AWS Health reports <code> for <service> in <affected>, status <status>: <event>",
    runbook: "alerts.md#aws-health",
  });
}

function backupRegionOf(region: string): string {
  return region === BACKUP_REGION ? BACKUP_OF_BACKUP_REGION : BACKUP_REGION;
}
