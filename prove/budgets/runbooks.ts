import { holdsRule } from "../alarms/alarm-rule";
import { alarmsOf } from "../alarms/alarms";
import { EVALUATED, secondsUntilAlarm } from "../alarms/metric-alarm";
import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import type { Steps } from "../state-machine/edges";
import { callOf, type Machine, type Node } from "../state-machine/machine";
import { after, before, leastWait, secondsOf } from "../state-machine/order";
import { type Budget, budget, type Phase } from "./budget";
import { limitOf, machinesWith } from "./machine";
import { PLEDGES } from "./promises";

const STATES = "https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html";
const WAIT = "https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html";
const PROMOTION = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html";
const SHIFT = "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.how-it-works.html";
/** AWS says "minutes". The only published measurement that we know, of a switchover: https://github.com/keycloak/keycloak-benchmark/issues/445 */
const MEASURED_PROMOTION = 480;
const LEAST_PROMOTION = 60;

/** A region is lost, and an operator starts the state machine that promotes the database here. From its start until writes are allowed. */
export function takeoverBudgets(graph: Graph): readonly Budget[] {
  return machinesWith(graph, "rds:failoverGlobalCluster").flatMap(({ machine, steps, call }) => {
    const { address } = machine.resource;
    const following = after(steps, call);
    const wait = following.find(({ type, scope }) => type === "Wait" && scope === call.scope);
    const read = wait && after(steps, wait).find(({ type, scope }) => type === "Task" && scope === call.scope);
    const asked = before(machine, steps, call).filter((node) => callOf(node) === "lambda:invoke" && !following.includes(node));
    const limits = asked.map((state) => limitOf(graph, state));
    const seconds = wait && secondsOf(wait);
    const waited = leastWait(steps, call);
    const readLimit = read && limitOf(graph, read);
    const common = {
      kind: "takeover",
      subject: address,
      failure: "the region with the writer, from the command of an operator",
      rpo: "what the region had not replicated: seconds",
      pledge: PLEDGES.takeover,
    } as const;
    const headless = graph.all("aws_rds_cluster").length > 0 && graph.all("aws_rds_cluster_instance").length === 0;
    const phases: Phase[] = [
      {
        what: "calls before the promotion, one of which waits for the lost region",
        least: 0,
        most:
          waited === undefined || limits.some((limit) => limit === undefined)
            ? undefined
            : waited + Math.max(0, ...limits.map((limit) => limit ?? 0)),
        formula: `waits of ${waited ?? "?"} s + the longest time limit of ${asked.length} calls of functions`,
        source: STATES,
      },
      ...(headless
        ? [
            {
              what: "RDS makes an instance",
              least: 0,
              most: undefined,
              formula: "no instance here: no upper bound is documented",
              source: PROMOTION,
            },
          ]
        : []),
      {
        what: "promotion of the database",
        least: LEAST_PROMOTION,
        most: MEASURED_PROMOTION,
        formula: `AWS: minutes; measured once: ${MEASURED_PROMOTION} s`,
        source: PROMOTION,
        typical: true,
      },
      {
        what: "the next read of its state",
        least: 0,
        most: seconds === undefined || readLimit === undefined ? undefined : seconds + readLimit,
        formula: `wait ${seconds ?? "?"} s + time limit ${readLimit ?? "?"} s`,
        source: WAIT,
      },
    ];
    const faults = [
      ...(waited === undefined ? [`No way of ${address} ends at the promotion.`] : []),
      ...(headless ? [`${graph.name} has a cluster without an instance: no time is documented until it has one.`] : []),
      ...limits.flatMap((limit, index) =>
        limit === undefined ? [`${asked[index]?.name ?? ""} of ${address} has no time limit: a lost region can hold it permanently.`] : [],
      ),
      ...(seconds === undefined || readLimit === undefined ? [`${address} does not read the state of the promotion after a wait.`] : []),
    ];
    return [budget(graph, { ...common, phases, faults })];
  });
}

/** A zone is impaired: from the fault until a state machine has shifted traffic away from it. */
export function zoneShiftBudgets(graph: Graph): readonly Budget[] {
  return machinesWith(graph, "arczonalshift:startZonalShift").flatMap(({ machine, steps, call }) => {
    const { resource } = machine;
    const starters = alarmsThatStart(graph, resource);
    if (starters.length === 0 && rulesOnAlarms(graph).length === 0) return [];
    const waits = waitsBefore(machine, steps, call);
    const limit = limitOf(graph, call);
    const seconds = starters.map((name) => secondsUntil(graph, name)).filter((one) => one !== undefined);
    const phases: Phase[] = [
      {
        what: "an alarm of the zone fires",
        least: 0,
        most: seconds.length < starters.length ? undefined : Math.max(0, ...seconds),
        formula: "period × datapoints + 60 s of delivery + 60 s until the evaluation",
        source: EVALUATED,
      },
      {
        what: "the state machine waits",
        least: waits ?? 0,
        most: waits,
        formula: `waits before the shift: ${waits ?? "?"} s`,
        source: WAIT,
      },
      { what: "the call that shifts", least: 0, most: limit, formula: `time limit ${limit ?? "?"} s`, source: STATES },
      { what: "answers that clients have cached", least: 0, most: 60, formula: "TTL of a load balancer: 60 s", source: SHIFT },
    ];
    const faults = [
      ...(starters.length === 0 ? [`No rule that is switched on starts ${resource.address} when an alarm fires.`] : []),
      ...phases.filter(({ most }) => most === undefined).map(({ what }) => `${resource.address}: no bound for "${what}".`),
    ];
    return [
      budget(graph, {
        kind: "zone-shift",
        subject: resource.address,
        failure: "a zone that is impaired, and not lost",
        phases,
        rpo: "none",
        faults,
        pledge: PLEDGES["zone-shift"],
      }),
    ];
  });
}

/** The waits that lie before a call. Undefined if one of them is computed. */
function waitsBefore(machine: Machine, steps: Steps, call: Node): number | undefined {
  const following = after(steps, call);
  const waits = before(machine, steps, call).filter((node) => node.type === "Wait" && !following.includes(node));
  return waits.reduce<number | undefined>((sum, wait) => {
    const seconds = secondsOf(wait);
    return sum === undefined || seconds === undefined ? undefined : sum + seconds;
  }, 0);
}

/** The names of the alarms whose change starts a state machine, by a rule of EventBridge. */
function alarmsThatStart(graph: Graph, machine: Resource): readonly string[] {
  const started = graph.referring("aws_cloudwatch_event_target", "arn", machine).map(({ values }) => graph.target(values["rule"])?.address);
  return rulesOnAlarms(graph).flatMap(({ rule, names }) =>
    started.includes(rule.address) && graph.text(rule.values["state"]) !== "DISABLED" ? names : [],
  );
}

/** Rules on the changes of named alarms. */
function rulesOnAlarms(graph: Graph): readonly { readonly rule: Resource; readonly names: readonly string[] }[] {
  return graph.all("aws_cloudwatch_event_rule").flatMap((rule) => {
    const pattern = graph.document(rule.values["event_pattern"]) as
      { readonly detail?: { readonly alarmName?: readonly unknown[] } } | undefined;
    const names = (pattern?.detail?.alarmName ?? []).filter((name) => typeof name === "string");
    return names.length === 0 ? [] : [{ rule, names }];
  });
}

/** The first alarm on a metric that takes a composite alarm to ALARM alone, or with its kind. */
function secondsUntil(graph: Graph, name: string): number | undefined {
  const { metric, composite } = alarmsOf(graph);
  const rule = composite.get(name)?.rule;
  const own = metric.get(name);
  const starting = rule ? [...metric.values()].filter((one) => holdsRule(rule, (child) => child === one.name)) : own ? [own] : [];
  const seconds = starting.flatMap((one) => secondsUntilAlarm(one) ?? []);
  return seconds.length === 0 ? undefined : Math.max(...seconds);
}
