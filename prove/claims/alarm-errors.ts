import { type Alarms, alarmsOf, type Fault, firing, inAlarm, UNCHANGED } from "../alarms/alarms";
import { type MetricAlarm, secondsOf } from "../alarms/metric-alarm";
import { actionNotices, noticesOf } from "../alarms/notifications";
import { attributeOf } from "../alarms/things";
import type { Graph } from "../graph/graph";
import type { Resource, Values } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";
import { loadBalancers } from "./parts";

/** Seconds of errors after which an alarm is in ALARM. */
const LIMIT = 60;

interface Errors {
  readonly what: string;
  /** Metrics of the load balancer of one minute. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Minutes in which more than half of the requests fail: at much and at little traffic, in the tasks and before them. */
const ERRORS: readonly Errors[] = [
  { what: "targets answer 51 % of many requests with an error", counts: { RequestCount: 6000, HTTPCode_Target_5XX_Count: 3060 } },
  { what: "targets answer all requests with an error", counts: { RequestCount: 6000, HTTPCode_Target_5XX_Count: 6000 } },
  { what: "targets answer 51 % of few requests with an error", counts: { RequestCount: 100, HTTPCode_Target_5XX_Count: 51 } },
  { what: "the load balancer answers 51 % of the requests with an error", counts: { RequestCount: 2940, HTTPCode_ELB_5XX_Count: 3060 } },
  { what: "the load balancer answers all requests with an error", counts: { RequestCount: 0, HTTPCode_ELB_5XX_Count: 6000 } },
];

const ERROR_METRICS = ["HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"];

export const ERROR_CLAIMS: readonly Claim[] = [
  {
    id: "A12",
    title: "Errors of most requests notify on-call within a minute as critical, whatever else is in ALARM because of them",
    decide: (graph, stacks) => {
      const alarms = alarmsOf(graph);
      const balancers = loadBalancers(graph);
      if (balancers.length === 0 || alarms.metric.size === 0) return notApplicable("There is no load balancer with alarms.");
      const faults = balancers.flatMap(({ resource }) => ERRORS.flatMap((errors) => errorFaults(graph, stacks, alarms, resource, errors)));
      return decided(
        faults,
        balancers.flatMap(({ resource }) =>
          ERRORS.map(
            (errors) =>
              `${errors.what}: ${quick(alarms, faultOf(graph, resource, errors))
                .map((alarm) => alarm.resource.address)
                .join(", ")}`,
          ),
        ),
        "A critical alarm is in ALARM after one minute, and nothing suppresses its message.",
      );
    },
  },
];

function faultOf(graph: Graph, balancer: Resource, { counts }: Errors): Fault {
  const suffix = attributeOf(graph, balancer, "arn_suffix");
  return ({ namespace, name, dimensions }) => {
    if (namespace !== "AWS/ApplicationELB" || dimensions["LoadBalancer"] !== suffix || "AvailabilityZone" in dimensions) return UNCHANGED;
    return counts[name] ?? (ERROR_METRICS.includes(name) || name === "RequestCount" ? undefined : UNCHANGED);
  };
}

/** The alarms on errors that are in ALARM after a minute. */
const quick = (alarms: Alarms, fault: Fault): readonly MetricAlarm[] =>
  firing(alarms, fault).filter((alarm) => secondsOf(alarm) <= LIMIT && alarm.metrics.some(({ name }) => ERROR_METRICS.includes(name)));

function errorFaults(graph: Graph, stacks: readonly Graph[], alarms: Alarms, balancer: Resource, errors: Errors): readonly string[] {
  const fault = faultOf(graph, balancer, errors);
  const critical = quick(alarms, fault).filter(({ resource }) => isCritical(graph, resource));
  if (critical.length === 0) return [`No critical alarm is in ALARM after ${LIMIT} s when ${errors.what} at ${balancer.address}.`];
  // Everything that is in ALARM then, so that what suppresses a message does.
  const states = inAlarm(
    alarms,
    firing(alarms, fault).map(({ name }) => name),
  );
  const sent = noticesOf(graph, stacks, states).map(({ by }) => by);
  const reached = critical.some(({ resource, name }) => {
    const own = [
      resource,
      ...[...alarms.composite.values()]
        .filter((composite) => inAlarm(alarms, [name]).has(composite.name))
        .map((composite) => composite.resource),
    ];
    return own.some((alarm) => sent.includes(alarm) && isCritical(graph, alarm) && actionNotices(graph, stacks, alarm).length > 0);
  });
  return reached ? [] : [`On-call is not notified as critical when ${errors.what} at ${balancer.address}.`];
}

const LEVELS = /\b(critical|high|page|urgent|sev-?1|p1|warning|warn|low|info|minor|medium)\b/i;
const CRITICAL = /\b(critical|high|page|urgent|sev-?1|p1)\b/i;

/** Whether an alarm says that it is critical: by a tag, and by the first word of its description. One that says nothing is. */
function isCritical(graph: Graph, { values }: Resource): boolean {
  const tags = (values["tags"] ?? {}) as Values;
  const [, tag] = Object.entries(tags).find(([name]) => /severity|priority/i.test(name)) ?? [];
  const first = /^\s*\[?([\w-]+)\]?:/.exec(graph.text(values["alarm_description"]) ?? "")?.[1];
  return [graph.text(tag), first].every((said) => said === undefined || !LEVELS.test(said) || CRITICAL.test(said));
}
