import { holdsRule } from "../alarms/alarm-rule";
import { alarmsOf } from "../alarms/alarms";
import { EVALUATED, secondsUntilAlarm } from "../alarms/metric-alarm";
import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { type Budget, budget, type Phase } from "./budget";
import { after, before, callsOf, isFunctionCall, leastWait, limitOf, secondsOf, type State, statesOf } from "./machine";
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
  return machinesWith(graph, "rds:failoverGlobalCluster").flatMap(({ machine, states, call }) => {
    const reads = after(states, call).filter(({ branch }) => branch === call.branch);
    const wait = reads.find(({ values }) => values["Type"] === "Wait");
    const read = wait && after(states, wait).find(({ values, branch }) => values["Type"] === "Task" && branch === call.branch);
    const asked = before(states, call).filter((state) => isFunctionCall(state) && isInside(states, state, call));
    const limits = asked.map((state) => limitOf(graph, state));
    const seconds = wait && secondsOf(wait);
    const waited = leastWait(graph, machine, states, call);
    const readLimit = read && limitOf(graph, read);
    const common = {
      kind: "takeover",
      subject: machine.address,
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
      ...(waited === undefined ? [`No way of ${machine.address} reaches the promotion.`] : []),
      ...(headless ? [`${graph.name} has a cluster without an instance: no time is documented until it has one.`] : []),
      ...limits.flatMap((limit, index) =>
        limit === undefined
          ? [`${asked[index]?.name ?? ""} of ${machine.address} has no time limit: a lost region can hold it without an end.`]
          : [],
      ),
      ...(seconds === undefined || readLimit === undefined
        ? [`${machine.address} does not read the state of the promotion after a wait.`]
        : []),
    ];
    return [budget(graph, { ...common, phases, faults })];
  });
}

/** A zone is impaired: from the fault until a state machine has shifted traffic away from it. */
export function zoneShiftBudgets(graph: Graph): readonly Budget[] {
  return machinesWith(graph, "arczonalshift:startZonalShift").flatMap(({ machine, states, call }) => {
    const starters = alarmsThatStart(graph, machine);
    if (starters.length === 0 && rulesOnAlarms(graph).length === 0) return [];
    const waits = waitsBefore(states, call);
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
      ...(starters.length === 0 ? [`No rule that is switched on starts ${machine.address} when an alarm fires.`] : []),
      ...phases.filter(({ most }) => most === undefined).map(({ what }) => `${machine.address}: no bound for "${what}".`),
    ];
    return [
      budget(graph, {
        kind: "zone-shift",
        subject: machine.address,
        failure: "a zone that is impaired, and not lost",
        phases,
        rpo: "none",
        faults,
        pledge: PLEDGES["zone-shift"],
      }),
    ];
  });
}

function machinesWith(graph: Graph, action: string): readonly { machine: Resource; states: ReadonlyMap<string, State>; call: State }[] {
  return graph.all("aws_sfn_state_machine").flatMap((machine) => {
    const states = statesOf(graph, machine);
    const [call] = states ? callsOf(states, action) : [];
    return states && call ? [{ machine, states, call }] : [];
  });
}

/** Whether a call belongs to the way to the other one, and not to what follows it. */
function isInside(states: ReadonlyMap<string, State>, state: State, call: State): boolean {
  return !after(states, call).includes(state) || callsOf(states, "rds:failoverGlobalCluster").length === 0;
}

/** The waits that lie before a call. Undefined if one of them is computed. */
function waitsBefore(states: ReadonlyMap<string, State>, call: State): number | undefined {
  const waits = before(states, call).filter((state) => state.values["Type"] === "Wait" && !after(states, call).includes(state));
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
