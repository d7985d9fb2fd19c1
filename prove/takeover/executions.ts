import type { Graph } from "../graph/graph";
import { isCritical } from "../model-checker/commands";
import type { Breach } from "../model-checker/effects";
import { explore, type Transition } from "../model-checker/explore";
import { actionOf } from "../model-checker/faults";
import { notHeld } from "../model-checker/invariants";
import type { Platform } from "../model-checker/platform";
import { readPlatform } from "../model-checker/read-platform";
import { RegionsModel } from "../model-checker/regions-model";
import { type Budgets, FAILOVER, type Input, type State, SWITCHOVER } from "../model-checker/regions-state";
import { story } from "../model-checker/story";
import { answeredRegion, initialWorld, isAllowed, isServed, rangeKey, type World } from "../model-checker/world";

/** What the executions of a region's takeover show, one sentence a fault. */
export interface Findings {
  /** Something is taken back after the promotion. */
  readonly takenBack: readonly string[];
  /** Clients are not held in the new primary. */
  readonly notHeld: readonly string[];
  /** Executed again, it leaves another region writing. */
  readonly notFrozen: readonly string[];
  /** Another region may still write, and no message says so. */
  readonly untold: readonly string[];
  /** A switchover begins although this region is behind. */
  readonly notReady: readonly string[];
  /** Data may be lost without the words that allow it, or a failover cannot end. */
  readonly dataLoss: readonly string[];
  readonly executions: number;
}

/** Inputs that are no failover, although they look like one. */
const OTHER_INPUTS: readonly unknown[] = [
  { mode: "failover" },
  { mode: "failover", allowDataLoss: false },
  { mode: "failover", allowDataLoss: "true" },
  { mode: "switchover", allowDataLoss: false },
  { allowDataLoss: true },
  { mode: "", allowDataLoss: true },
  {},
];

const CALM: Budgets = { faults: 0, throttles: 0, regionEvents: 0, aborts: 0, applies: 0, runs: 1, troubles: 0 };
/** Any one call fails, or takes longer than usual. */
const ONE_FAULT: Budgets = { ...CALM, faults: 1, troubles: 1 };

interface Scenario {
  readonly world: World;
  readonly inputs: readonly unknown[];
  readonly budgets: Budgets;
  /** Faults of a state, apart from those of its calls. */
  readonly judge: (model: RegionsModel, state: State) => readonly Breach[];
}

const known = new WeakMap<readonly Graph[], Map<string, Findings | undefined>>();

/** Explores every execution of a region's takeover in which at most one call fails. Undefined without a platform of several regions. */
export function executionsOf(graph: Graph, stacks: readonly Graph[]): Findings | undefined {
  const all = known.get(stacks) ?? new Map<string, Findings | undefined>();
  known.set(stacks, all);
  const region = graph.region ?? "";
  if (!all.has(region)) {
    const platform = readPlatform(stacks);
    all.set(region, platform?.takeovers.has(region) ? find(platform, region) : undefined);
  }
  return all.get(region);
}

function find(platform: Platform, region: string): Findings {
  const others = platform.regions.filter((name) => name !== region);
  const [other = ""] = others;
  const given = ledBy(platform, other);
  const scenarios: readonly Scenario[] = [
    { world: given, inputs: [SWITCHOVER, FAILOVER], budgets: ONE_FAULT, judge: judgeEnd },
    { world: { ...given, dark: [other] }, inputs: [SWITCHOVER, FAILOVER], budgets: ONE_FAULT, judge: judgeEnd },
    { world: { ...given, dark: [other] }, inputs: [FAILOVER], budgets: CALM, judge: judgeFailover },
    { world: given, inputs: OTHER_INPUTS, budgets: CALM, judge: judgeRefusal },
    { world: { ...given, isLagHigh: true }, inputs: [SWITCHOVER], budgets: CALM, judge: judgeLag },
    { world: interrupted(platform, region), inputs: [SWITCHOVER, FAILOVER], budgets: CALM, judge: judgeRepetition },
  ];
  const found = scenarios.flatMap((scenario) => run(platform, region, scenario));
  const of = (...invariants: readonly string[]): readonly string[] => [
    ...new Set(found.filter(({ invariant }) => invariants.includes(invariant)).map(({ sentence }) => sentence)),
  ];
  return {
    takenBack: of("e", "back"),
    notHeld: of("b'", "held"),
    notFrozen: of("again"),
    untold: of("untold"),
    notReady: of("lag"),
    dataLoss: of("f", "refused", "failover"),
    executions: found.filter(({ invariant }) => invariant === "count").length,
  };
}

/** The platform while another region is the primary, as a takeover without a failure leaves it. */
function ledBy(platform: Platform, primary: string): World {
  const world = initialWorld(platform);
  const [first = ""] = platform.regions;
  const writes = platform.regions.map((region) => [platform.names.get(region)?.writes ?? "", region === primary ? "allowed" : "frozen"]);
  const ranges = platform.scalings
    .filter(({ region }) => region === first)
    .map(({ resource, range }) => [rangeKey(primary, resource), range]);
  return {
    ...world,
    writer: primary,
    parameters: { ...world.parameters, ...(Object.fromEntries(writes) as Record<string, string>) },
    holds: primary === first ? [] : [primary],
    instances: [...new Set([...world.instances, primary])].sort(),
    ranges: { ...world.ranges, ...(Object.fromEntries(ranges) as World["ranges"]) },
  };
}

/** The database of the region is the primary already, and every region is as before the takeover. */
function interrupted(platform: Platform, region: string): World {
  const world = ledBy(platform, region);
  const writes = platform.regions.map((name) => [platform.names.get(name)?.writes ?? "", name === region ? "frozen" : "allowed"]);
  return { ...world, holds: [], parameters: { ...world.parameters, ...(Object.fromEntries(writes) as Record<string, string>) } };
}

function run(platform: Platform, region: string, scenario: Scenario): Breach[] {
  const starts = scenario.inputs.map((input) => ({ region, input: input as Input }));
  const base = new RegionsModel(platform, starts);
  const model: RegionsModel = Object.assign(Object.create(base) as RegionsModel, {
    // What the fences of other regions do later is no merit of the runbook.
    fences: () => [],
    judge: (state: State) => [...scenario.judge(base, state), ...(isEnd(state) ? [{ invariant: "count", sentence: base.key(state) }] : [])],
    successors: (state: State) =>
      base.successors
        .call(model, state)
        .filter((transition) => !isUnsent(state, transition))
        .map((transition) => withTakenBack(platform, region, state, transition)),
  });
  const { violations } = explore(model, { world: scenario.world, runs: [], left: scenario.budgets });
  return violations.map(({ invariant, sentence, trace }) => ({
    invariant,
    sentence: invariant === "count" ? sentence : `${sentence}. ${story(trace).join(" ")}`,
  }));
}

/** Whether a step is a message that is not sent, in every attempt. No message can report that no message can be sent. */
function isUnsent({ runs, left }: State, { state, label }: Transition<State>): boolean {
  const messages = runs.flatMap(({ node }) => (node?.tasks ?? []).filter((task) => actionOf(task.state) === "sns:publish"));
  return state.left.faults < left.faults && messages.some(({ name }) => label.includes(name));
}

/** A step after which the region of the writer may no longer write, which it was allowed before. */
function withTakenBack(platform: Platform, region: string, { world }: State, transition: Transition<State>): Transition<State> {
  const { world: next } = transition.state;
  const isPrimary = world.writer === region && next.writer === region && next.promotion === null;
  if (!isPrimary || !isAllowed(platform, world, region) || isAllowed(platform, next, region)) return transition;
  const breach = { invariant: "back", sentence: `Writes are frozen in ${region} again, although its database is the primary` };
  return { ...transition, breaches: [...(transition.breaches ?? []), breach] };
}

function isEnd({ runs }: State): boolean {
  return runs.length > 0 && runs.every(({ node }) => node === undefined);
}

function judgeEnd(model: RegionsModel, state: State): Breach[] {
  const { platform } = model;
  const { world, runs } = state;
  const [run] = runs;
  const held = [...notHeld(model, state), ...(state.left.faults > 0 ? twoWriters(platform, state) : [])];
  if (!run || !isEnd(state) || !run.hasRequested) return held;
  const answered = answeredRegion(platform, world, []);
  const isLeft = world.writer === run.region && !run.hasRoutingTrouble && world.dark.length === 0 && answered !== run.region;
  return [
    ...held,
    ...(isLeft
      ? [{ invariant: "back", sentence: `The database of ${run.region} is the primary, and DNS answers ${answered ?? "no region"}` }]
      : []),
    ...untold(platform, state),
  ];
}

/** A region is allowed to write while another one, which responds, is not frozen yet. */
function twoWriters(platform: Platform, { world, runs }: State): Breach[] {
  const [run] = runs;
  if (run?.region !== world.writer || !isAllowed(platform, world, world.writer)) return [];
  const others = platform.regions.filter(
    (region) => region !== world.writer && !world.dark.includes(region) && isAllowed(platform, world, region),
  );
  return others.map((region) => ({
    invariant: "again",
    sentence: `The takeover by ${world.writer} allows writes there before it freezes those of ${region}`,
  }));
}

/** A region that may still write beside the new primary must be named in a message, and a half-done takeover must be reported. */
function untold(platform: Platform, { world, runs }: State): Breach[] {
  const [run] = runs;
  const critical = world.messages.filter(isCritical);
  const writing = platform.regions.filter((region) => region !== world.writer && isAllowed(platform, world, region));
  const silent = writing.filter((region) => !critical.some((message) => (run?.outcome === "succeeded" ? message.includes(region) : true)));
  return silent.map((region) => ({
    invariant: "untold",
    sentence: `${world.writer} is the primary, ${region} may still write, and no critical message names it`,
  }));
}

/** A failover while the other region is lost must end with a primary that serves clients. */
function judgeFailover({ platform }: RegionsModel, state: State): Breach[] {
  const [run] = state.runs;
  const { world } = state;
  if (!run) return [];
  if (world.promotion !== null && !world.promotion.allowsDataLoss)
    return [
      { invariant: "failover", sentence: `A failover to ${run.region} waits for the lost region: it does not allow the loss of data` },
    ];
  if (!isEnd(state) || isServed(platform, world)) return [];
  return [{ invariant: "failover", sentence: `A failover to ${run.region} ends, and ${run.region} does not serve clients` }];
}

/** An input that is not accepted must change nothing. */
function judgeRefusal(_: RegionsModel, { runs, world }: State): Breach[] {
  const [run] = runs;
  const isAccepted = (run?.input as { readonly mode?: unknown } | undefined)?.mode === "switchover";
  if (!run?.hasRequested || isAccepted) return [];
  return [{ invariant: "refused", sentence: `The input ${JSON.stringify(run.input)} promotes ${world.promotion?.target ?? run.region}` }];
}

/** A switchover must not begin while this region is behind: writes would be frozen until it has caught up. */
function judgeLag({ platform }: RegionsModel, { runs, world }: State): Breach[] {
  const [run] = runs;
  if (!run || (!run.hasRequested && isAllowed(platform, world, world.writer))) return [];
  return [{ invariant: "lag", sentence: `A switchover to ${run.region} begins although its replica is far behind` }];
}

/** Executed again after the promotion, the takeover must complete what is left. */
function judgeRepetition({ platform }: RegionsModel, state: State): Breach[] {
  const [run] = state.runs;
  const both = twoWriters(platform, state);
  if (!run || !isEnd(state) || state.world.slow.length > 0) return both;
  const writing = platform.regions.filter((region) => region !== run.region && isAllowed(platform, state.world, region));
  return [
    ...both,
    ...writing.map((region) => ({
      invariant: "again",
      sentence: `Executed again, the takeover by ${run.region} does not freeze the writes of ${region}`,
    })),
    ...(run.outcome === "succeeded" ? [] : [{ invariant: "again", sentence: `Executed again, the takeover by ${run.region} fails` }]),
    ...(answeredRegion(platform, state.world, []) === run.region
      ? []
      : [{ invariant: "held", sentence: `Executed again, the takeover by ${run.region} does not hold DNS` }]),
  ];
}
