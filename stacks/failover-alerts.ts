import type { RegionScope } from "../config/naming";
import { HEALTH_METRICS_REGION } from "../config/regions";
import { alertTopicArn } from "../modules/monitoring/alert-topic";

/** Purpose of the topic of the alerts on health checks, as part of its name. */
export const FAILOVER_ALERTS = "failover-alerts";

/** The ARN of that topic, which is in us-east-1. */
export function failoverAlertsTopicArn({ names, accountId }: RegionScope): string {
  return alertTopicArn({ names: names.in(HEALTH_METRICS_REGION), region: HEALTH_METRICS_REGION, accountId }, FAILOVER_ALERTS);
}
