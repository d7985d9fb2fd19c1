import { regionsOf } from "../support/config";
import { calmRun, NOTHING_HAPPENS, settled } from "../../prove/model-checker/calm";
import type { Platform } from "../../prove/model-checker/platform";
import { readPlatform } from "../../prove/model-checker/read-platform";
import { graphsOf } from "../prove/platforms";
import { RegionsModel } from "../../prove/model-checker/regions-model";
import { type Budgets, FAILOVER, INCOMPLETE, type Start, type State, SWITCHOVER } from "../../prove/model-checker/regions-state";
import { initialWorld, rangeKey, type World } from "../../prove/model-checker/world";

/** A platform, the condition in which a trace begins, and what may happen in it. */
export interface Configuration {
  readonly name: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly begin: (model: RegionsModel, world: World) => World;
  readonly starts: readonly Start[];
  readonly budgets: Budgets;
}

const [E, W, THIRD] = ["us-east-1", "us-west-2", "eu-west-1"];
const TWO = [E, W];
/** One execution, with any two troubles. */
const ONE_RUN: Budgets = { faults: 2, throttles: 0, regionEvents: 2, aborts: 1, applies: 1, runs: 1, troubles: 2 };
/** One execution, with any three troubles. */
const THREE_TROUBLES: Budgets = { ...ONE_RUN, troubles: 3 };
/** Two executions, one after the other or at the same time, with one more trouble. */
const TWO_RUNS: Budgets = { faults: 1, throttles: 0, regionEvents: 1, aborts: 1, applies: 0, runs: 2, troubles: 2 };
const SCHEDULED = {
  service: {
    tasks: { min: 6, max: 24 },
    scaling: { requests_per_task: 1000, schedule: [{ name: "opening", at: "cron(0 7 ? * MON-FRI *)", min: 30, max: 80 }] },
  },
};

const everyStart = (regions: readonly string[]): Start[] =>
  regions.flatMap((region) => [SWITCHOVER, FAILOVER, INCOMPLETE].map((input) => ({ region, input })));
/** Starts that differ in what they do: in the primary region, a failover is a switchover. */
const DISTINCT_STARTS: readonly Start[] = [
  { region: E, input: SWITCHOVER },
  { region: W, input: SWITCHOVER },
  { region: W, input: FAILOVER },
];
const asCreated = (_: RegionsModel, world: World): World => world;

/** After a switchover without a failure. */
const swapped = (model: RegionsModel, world: World): World => calmRun(model, stateOf(world), { region: W, input: SWITCHOVER }).world;

/** After a rewind in a region. */
const rewound =
  (region: string) =>
  (model: RegionsModel, before: World): World => {
    const world = region === E ? before : swapped(model, before);
    const restored = "cluster-rewind-test-1-0a1b2c3d";
    const values: Readonly<Record<string, string>> = {
      "writer-endpoint": `${restored}/writer`,
      "global-writer-endpoint": `${restored}/writer`,
      "reader-endpoint": `${restored}/reader`,
      "cluster-identifier": restored,
    };
    const parameters = Object.entries(world.parameters).map(([name, value]): [string, string] => [
      name,
      (name.split("/")[3] === region ? values[name.split("/").at(-1) ?? ""] : undefined) ?? value,
    ]);
    return {
      ...world,
      parameters: Object.fromEntries(parameters),
      tasks: { ...world.tasks, [region]: `${restored}/writer` },
      messages: [],
    };
  };

/** After the scheduled actions of the first region have raised the ranges of the services, and an operator those of the standby. */
const scheduled = ({ platform }: RegionsModel, world: World): World => {
  const raised = platform.scalings.find((scaling) => scaling.scheduled.length > 0)?.scheduled[0];
  if (!raised) throw new Error("no scheduled action raises a range");
  return {
    ...world,
    ranges: Object.fromEntries(platform.scalings.map(({ region, resource }) => [rangeKey(region, resource), raised])),
  };
};

/** The first region is lost. */
const firstLost = (_: RegionsModel, world: World): World => ({ ...world, dark: [E] });

const twoRegions = (standby: string): Readonly<Record<string, unknown>> => ({ regions: regionsOf(standby, ...TWO) });

/** The configurations that are explored as a whole. */
export const CONFIGURATIONS: readonly Configuration[] = [
  configuration("hot standby", "hot", { budgets: THREE_TROUBLES }),
  configuration("hot standby, two executions", "hot", { budgets: TWO_RUNS, starts: DISTINCT_STARTS }),
  configuration("hot standby, the first region is lost", "hot", { begin: firstLost }),
  configuration("warm standby", "warm", {}),
  configuration("pilot-light standby", "pilot-light", {}),
  configuration("hot standby, after a takeover", "hot", { begin: swapped }),
  configuration("hot standby, after a rewind in the first region", "hot", { begin: rewound(E) }),
  configuration("hot standby, after a takeover and a rewind", "hot", { begin: rewound(W) }),
  configuration("warm standby, with scheduled ranges", "warm", { begin: scheduled, overrides: { ...twoRegions("warm"), ...SCHEDULED } }),
  configuration("hot standby, with a high lag", "hot", { begin: (_, world) => ({ ...world, isLagHigh: true }) }),
  configuration("three regions", "hot", { overrides: { regions: regionsOf("hot", E, W, THIRD) }, starts: everyStart([E, W, THIRD]) }),
];

function configuration(name: string, standby: string, changes: Partial<Configuration>): Configuration {
  return { name, overrides: twoRegions(standby), begin: asCreated, starts: everyStart(TWO), budgets: ONE_RUN, ...changes };
}

/** The model of a configuration, and the state in which its traces begin. */
export function modelOf(
  { overrides, begin, starts, budgets }: Configuration,
  change: (platform: Platform) => Platform = (platform) => platform,
): { readonly model: RegionsModel; readonly start: State } {
  const read = readPlatform(graphsOf(overrides));
  if (!read) throw new Error("the configuration has no takeover");
  const platform = change(read);
  const model = new RegionsModel(platform, starts);
  const created = settled(model, stateOf(initialWorld(platform))).world;
  return { model, start: { world: begin(model, created), runs: [], left: budgets } };
}

function stateOf(world: World): State {
  return { world, runs: [], left: NOTHING_HAPPENS };
}
