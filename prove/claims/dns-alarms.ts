import { alarmsOf } from "../alarms/alarms";
import { type MetricAlarm, reaction } from "../alarms/metric-alarm";
import { silenceOf } from "../alarms/notifications";
import { delayOf, HEALTH_METRICS_REGION, watchedCheck } from "../dns/alarms";
import { Dns } from "../dns/dns";
import { endpointChecksOf } from "../dns/endpoint-checks";
import { MOST_REPORT_SECONDS, reportOf } from "../dns/reports";
import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import type { Resource } from "../graph/values";
import { type Claim, decided, notApplicable, unknown } from "./claim";

const LONGEST_SECONDS = 180;

/** Claims about the alarms on the loss of a region. */
export const DNS_ALARM_CLAIMS: readonly Claim[] = [
  {
    id: "D10",
    title: `The loss of a region is reported from another region within ${MOST_REPORT_SECONDS / 60} minutes`,
    decide: (graph, stacks) => {
      const dns = Dns.of(stacks);
      const lost = dns.sites.find((site) => site.graph === graph)?.region;
      if (lost === undefined || dns.regions.length < 2) return notApplicable("There is no other region that could report a loss.");
      const others = stacks.filter((stack) => stack.region !== lost);
      const reports = others.map((stack) => ({ stack: stack.name, ...reportOf(dns, stack, stacks, lost) }));
      const heard = reports.filter(({ certain }) => certain.length > 0);
      if (heard.length === 0 && reports.every(({ isKnown }) => !isKnown))
        return unknown(`Nothing outside of ${lost} requests it: what its alarms watch is not in this JSON.`);
      const silent = reports.flatMap(({ silent: reasons }) => reasons);
      return decided(
        heard.length > 0 ? [] : [`No alarm outside of ${lost} is certain to report its loss.`, ...silent],
        heard.map(({ stack, certain }) => `${stack}: ${certain.join(" or ")}`),
        `Alarms in ${[...new Set(heard.map(({ stack }) => stack))].join(", ")} report the loss of ${lost}, whatever their other parts say.`,
      );
    },
  },
  {
    id: "D11",
    title: "Every health check that decides about a region has an alarm, which also fires when Route 53 reports nothing",
    requirementIds: ["S003-6.2", "S004-4.4"],
    decide: (graph, stacks) => {
      const dns = Dns.of(stacks);
      const checks = endpointChecksOf(dns, graph);
      const distinct = [...new Map(checks.map((check) => [check.address, check])).values()];
      if (distinct.length === 0) return notApplicable("No health check of an endpoint decides about a record.");
      const alarms = [...alarmsOf(graph).metric.values()];
      return decided(
        distinct.flatMap((check) => {
          const own = alarms.filter((alarm) => watchedCheck(graph, alarm.resource)?.address === check.address);
          const [best] = own.map((alarm) => alarmFaults(graph, stacks, alarm, check)).sort((one, other) => one.length - other.length);
          return best ?? [`No alarm in ${HEALTH_METRICS_REGION}, where Route 53 has its metrics, is on ${check.address}.`];
        }),
        distinct.map(({ address }) => address),
        `Each alarm fires within ${LONGEST_SECONDS} s, and notifies.`,
      );
    },
  },
];

function alarmFaults(graph: Graph, stacks: readonly Graph[], watching: MetricAlarm, check: Resource): string[] {
  const alarm = watching.resource;
  const seconds = delayOf(graph, watching);
  const breaches = (value?: number): boolean => reaction(watching, () => value) === "ALARM";
  // A minute has at least one data point, which SampleCount counts whatever it is.
  const failing = alarm.values["statistic"] === "SampleCount" ? 1 : 0;
  return [
    ...(breaches(failing) ? [] : [`${alarm.address} stays OK while ${check.address} fails.`]),
    ...(breaches(1) ? [`${alarm.address} is in ALARM also while ${check.address} is healthy: it reports nothing new.`] : []),
    ...(breaches() ? [] : [`${alarm.address} stays OK while Route 53 reports nothing of ${check.address}.`]),
    ...(seconds !== undefined ? [] : [`${alarm.address} has a statistic or a number of periods that CloudWatch refuses.`]),
    ...((seconds ?? 0) <= LONGEST_SECONDS ? [] : [`${alarm.address} fires ${seconds} s after ${check.address} has failed.`]),
    ...silenceOf(graph, stacks, alarm).filter(() => regionOf(graph, alarm) === HEALTH_METRICS_REGION),
  ];
}
