import { notifies, type Notice } from "../alarms/notifications";
import { asName } from "../dns/records";
import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { block, blocks, type Resource } from "../graph/values";
import { dnsOf, serves, worldOf } from "./balancers";
import { idOf, type Platform } from "./model";
import type { Outage } from "./outage";

interface Watch {
  readonly graph: Graph;
  readonly alarm: Resource;
  /** The messages of it alone, and of composite alarms whose rules it meets. */
  readonly notices: readonly Notice[];
  readonly dimensions: readonly (readonly [name: string, value: unknown])[];
}

const watches = new WeakMap<Platform, readonly Watch[]>();

/** Alarms that a loss puts into ALARM, that are outside of it, and that publish to a topic outside of it. */
export function notified(before: Outage, after: Outage): readonly string[] {
  return watchesOf(before.platform).flatMap((watch) => {
    const { graph, alarm } = watch;
    const reaching = watch.notices.filter(({ path }) => !path.some((part) => after.hasResource(graph, part)));
    const topics = [...new Set(reaching.flatMap(({ path }) => path.slice(-1)))].filter(({ type }) => type === "aws_sns_topic");
    if (after.hasResource(graph, alarm) || topics.length === 0 || !goesToAlarm(before, after, watch)) return [];
    return [`${graph.name}/${alarm.address} to ${topics.map(({ address }) => address).join(", ")} in ${String(regionOf(graph, alarm))}`];
  });
}

function watchesOf(platform: Platform): readonly Watch[] {
  const known =
    watches.get(platform) ??
    platform.stacks.flatMap((graph) =>
      graph.all("aws_cloudwatch_metric_alarm").map((alarm) => ({
        graph,
        alarm,
        notices: notifies(graph, platform.stacks, graph.text(alarm.values["alarm_name"]) ?? alarm.address),
        dimensions: [
          block(alarm.values["dimensions"]),
          ...blocks(alarm.values["metric_query"]).map((query) => block(block(query["metric"])["dimensions"])),
        ].flatMap((dimensions) => Object.entries(dimensions)),
      })),
    );
  watches.set(platform, known);
  return known;
}

/** Whether a metric of what is lost falls below the threshold, or is silent and its silence is a fault. */
function goesToAlarm(before: Outage, after: Outage, { graph, alarm, dimensions }: Watch): boolean {
  const { values } = alarm;
  const falls = (graph.text(values["comparison_operator"]) ?? "").startsWith("LessThan");
  const threshold = Number(graph.text(values["threshold"]) ?? NaN);
  const silenceRings = graph.text(values["treat_missing_data"]) === "breaching";
  return dimensions.some(([name, value]) => {
    const target = graph.target(value);
    const written = graph.text(value);
    switch (name) {
      case "HealthCheckId":
        return falls && target !== undefined && isHealthy(before, graph, target) && !isHealthy(after, graph, target);
      case "CanaryName":
        return falls && canaryFails(before, after, graph, written);
      case "ServiceName": {
        const service = after.platform.services.find(
          ({ part, service: one }) => part.graph === graph && graph.text(one.resource.values["name"]) === written,
        );
        return falls && service !== undefined && after.tasks(service) < Math.min(threshold, before.tasks(service));
      }
      case "AvailabilityZone":
        return silenceRings && isZoneLost(after, graph, written);
      case "DBInstanceIdentifier":
        return silenceRings && isLost(after, graph, ["aws_rds_cluster_instance", "aws_db_instance"], "identifier", written);
      case "NatGatewayId":
        return silenceRings && target !== undefined && after.hasResource(graph, target);
    }
    return false;
  });
}

const isHealthy = (outage: Outage, graph: Graph, check: Resource): boolean => dnsOf(outage).isCheckHealthy(graph, check, worldOf(outage));

/** Whether everything in a zone is lost. */
function isZoneLost(after: Outage, graph: Graph, zone: string | undefined): boolean {
  const parts = graph.all("aws_subnet").filter(({ values }) => graph.text(values["availability_zone"]) === zone);
  const instances = graph.all("aws_rds_cluster_instance").filter(({ values }) => graph.text(values["availability_zone"]) === zone);
  const all = parts.length > 0 ? parts : instances;
  return all.length > 0 && all.every((part) => after.hasResource(graph, part));
}

function isLost(after: Outage, graph: Graph, types: readonly string[], argument: string, name: string | undefined): boolean {
  return types
    .flatMap((type) => graph.all(type))
    .some((one) => graph.text(one.values[argument]) === name && after.lost.has(idOf(graph, one)));
}

/** Whether the host that a canary requests answered before, and does not after. */
function canaryFails(before: Outage, after: Outage, graph: Graph, name: string | undefined): boolean {
  const canary = graph.all("aws_synthetics_canary").find(({ values }) => graph.text(values["name"]) === name);
  if (!canary || graph.text(canary.values["start_canary"]) !== "true" || after.hasResource(graph, canary)) return false;
  const hosts = [...JSON.stringify(canary.values["run_config"] ?? {}).matchAll(/https?:\/\/([^/"\\:]+)/g)].map(([, host = ""]) => host);
  const answers = (outage: Outage, host: string): boolean =>
    dnsOf(outage)
      .resolveAll(asName(host), worldOf(outage))
      .some((found) => found.kind === "site" && serves(outage, found.site));
  return hosts.some((host) => answers(before, host) && !answers(after, host));
}
