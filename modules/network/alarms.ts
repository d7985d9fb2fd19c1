import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

/** With fewer packets or connections in a minute, their share says nothing. */
const MIN_COUNT = 10;
/** AWS takes a larger share of dropped packets, in percent, for a fault of the NAT gateway. */
const DROPPED_PERCENT = 0.01;
/** Destinations may refuse some connections. A NAT gateway that does not work establishes none. */
const UNANSWERED_PERCENT = 50;

/** Alarms of the NAT gateways, by zone. */
export function natGatewayAlarms(
  scope: Construct,
  gateways: ReadonlyMap<string, NatGateway>,
  alerts: Alerts,
): Map<string, CloudwatchMetricAlarm[]> {
  return new Map(
    [...gateways].map(([zone, gateway]) => {
      const { connections, ports, drops, fromSource, fromDestination, attempts, established } = natMetrics(zone, gateway);
      return [
        zone,
        [
          alerts.alarm(scope, `nat-ports-${zone}`, {
            severity: "critical",
            means: `The NAT gateway in ${zone} has no free source port. New outbound connections fail.`,
            metric: ports,
            when: { above: 0 },
            missingData: "notBreaching",
            runbook: "zone.md#nat-gateway",
          }),
          alerts.alarm(scope, `nat-drops-${zone}`, {
            severity: "warning",
            means: `The NAT gateway in ${zone} drops more than ${DROPPED_PERCENT} % of its packets, and at least ${MIN_COUNT} in one minute.`,
            metric: {
              expression: `IF(FILL(drops, 0) >= ${MIN_COUNT}, 100 * drops / (from_source + from_destination), 0)`,
              metrics: { drops, from_source: fromSource, from_destination: fromDestination },
              label: "percent of dropped packets",
            },
            when: { above: DROPPED_PERCENT },
            missingData: "notBreaching",
            runbook: "zone.md#nat-gateway",
          }),
          alerts.alarm(scope, `nat-unanswered-${zone}`, {
            severity: "critical",
            means: `More than ${UNANSWERED_PERCENT} % of the new connections through the NAT gateway in ${zone}, of at least ${MIN_COUNT} in one minute, got no answer; or it reports no metric.`,
            metric: {
              // Zero connections are reported: without that metric, the expression has no value, and the alarm fires.
              expression: `IF(connections >= 0, IF(FILL(attempts, 0) >= ${MIN_COUNT}, 100 * (attempts - FILL(established, 0)) / attempts, 0), 0)`,
              metrics: { connections, attempts, established },
              label: "percent of unanswered connections",
            },
            when: { above: UNANSWERED_PERCENT },
            missingData: "breaching",
            runbook: "zone.md#nat-gateway",
          }),
        ],
      ];
    }),
  );
}

export function natGatewayWidgets(gateways: ReadonlyMap<string, NatGateway>): Widget[] {
  const metrics = [...gateways].map(([zone, gateway]) => natMetrics(zone, gateway));
  return [
    { title: "Connections of the NAT gateways", metrics: metrics.map(({ connections }) => connections) },
    { title: "Lost connections of the NAT gateways", metrics: metrics.flatMap(({ ports, drops }) => [ports, drops]) },
  ];
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html */
function natMetrics(zone: string, gateway: NatGateway) {
  const of = { namespace: "AWS/NATGateway", dimensions: { NatGatewayId: gateway.id }, statistic: "Sum" };
  return {
    connections: { ...of, name: "ActiveConnectionCount", statistic: "Maximum", label: `connections ${zone}` },
    ports: { ...of, name: "ErrorPortAllocation", label: `port allocation errors ${zone}` },
    drops: { ...of, name: "PacketsDropCount", label: `dropped packets ${zone}` },
    fromSource: { ...of, name: "PacketsInFromSource", label: `packets from the VPC ${zone}` },
    fromDestination: { ...of, name: "PacketsInFromDestination", label: `packets from destinations ${zone}` },
    attempts: { ...of, name: "ConnectionAttemptCount", label: `attempted connections ${zone}` },
    established: { ...of, name: "ConnectionEstablishedCount", label: `established connections ${zone}` },
  } satisfies Record<string, Metric>;
}
