import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

/** Alarms of the NAT gateways, by zone. */
export function natGatewayAlarms(
  scope: Construct,
  gateways: ReadonlyMap<string, NatGateway>,
  alerts: Alerts,
): Map<string, CloudwatchMetricAlarm[]> {
  return new Map(
    [...gateways].map(([zone, gateway]) => {
      const { ports, drops } = natMetrics(zone, gateway);
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
            means: `The NAT gateway in ${zone} drops packets.`,
            metric: drops,
            when: { above: 0 },
            missingData: "notBreaching",
            runbook: "zone.md#nat-gateway",
          }),
        ],
      ];
    }),
  );
}

export function natGatewayWidgets(gateways: ReadonlyMap<string, NatGateway>): Widget[] {
  const metrics = [...gateways].map(([zone, gateway]) => natMetrics(zone, gateway));
  return [{ title: "NAT gateways", metrics: metrics.flatMap(({ connections, drops }) => [connections, drops]) }];
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html */
function natMetrics(zone: string, gateway: NatGateway) {
  const namespace = "AWS/NATGateway";
  const dimensions = { NatGatewayId: gateway.id };
  return {
    connections: { namespace, name: "ActiveConnectionCount", dimensions, statistic: "Maximum", label: `connections ${zone}` },
    ports: { namespace, name: "ErrorPortAllocation", dimensions, statistic: "Sum", label: `port allocation errors ${zone}` },
    drops: { namespace, name: "PacketsDropCount", dimensions, statistic: "Sum", label: `dropped packets ${zone}` },
  } satisfies Record<string, Metric>;
}
