import { calmRun, isCalm } from "./calm";
import { commandIn, isCritical } from "./commands";
import type { Breach } from "./effects";
import type { Platform } from "./platform";
import type { Regions } from "./regions";
import { INCOMPLETE, type Run, type Start, type State } from "./regions-state";
import {
  answeredRegion,
  clusterOfTasks,
  fenced,
  isAllowed,
  isServed,
  restoredRegions,
  summary,
  type World,
  writesParameter,
} from "./world";

/** Longest time between two messages of a running execution. */
export const LONGEST_SILENCE = 900;

export function silences({ runs }: State): readonly number[] {
  return runs.map(({ node, silence }) => (node ? Math.min(silence, LONGEST_SILENCE + 1) : 0));
}

/** The invariants that a state violates. */
export function judge(model: Regions, state: State): Breach[] {
  return [...twoWriters(model, state), ...silent(state), ...notHeld(model, state), ...(isEnd(model, state) ? judgeEnd(model, state) : [])];
}

/** Every execution has ended, and the fences have done what they do within a minute. */
function isEnd(model: Regions, state: State): boolean {
  return state.runs.length > 0 && state.runs.every(({ node }) => node === undefined) && model.fences(state).length === 0;
}

/** (a) A region that has returned may write until its fence has run, for up to a minute. */
function twoWriters({ platform }: Regions, state: State): Breach[] {
  const world = afterFences(platform, state.world, state.runs);
  const writers = platform.regions.filter((region) => {
    if (world.dark.includes(region) || !isAllowed(platform, world, region)) return false;
    const cluster = clusterOfTasks(platform, world, region);
    return cluster === platform.clusters.get(world.writer) || ![...platform.clusters.values()].includes(cluster);
  });
  const clusters = new Set(writers.map((region) => clusterOfTasks(platform, world, region)));
  return clusters.size < 2 ? [] : [{ invariant: "a", sentence: `${writers.join(" and ")} write to different databases` }];
}

function silent({ runs }: State): Breach[] {
  return runs
    .filter(({ node, silence }) => node !== undefined && silence > LONGEST_SILENCE)
    .map(({ region, node }) => ({
      invariant: "d",
      sentence: `${region} sends no message for more than 15 minutes before ${node?.tasks[0]?.name ?? ""}`,
    }));
}

/**
 * (b') From the promotion to the end of its execution, DNS answers the new primary even when all other regions respond again,
 * at the latest after a minute. A hold that could not be switched, or that another execution has
 * switched, is left to the end.
 */
export function notHeld({ platform }: Regions, { world, runs }: State): Breach[] {
  const [run, ...others] = runs.filter(({ node }) => node !== undefined);
  if (!run || others.length > 0 || !run.hasRequested || run.hasRoutingTrouble) return [];
  if (world.writer !== run.region || world.promotion !== null) return [];
  const answered = answeredRegion(platform, afterFences(platform, { ...world, dark: [] }, [run]));
  if (answered === run.region) return [];
  const sentence = `${run.region} is the writer, and DNS answers ${answered ?? "no region"} when all regions respond, before ${run.node?.tasks[0]?.name ?? ""}`;
  return [{ invariant: "b'", sentence }];
}

/** What the regions have done a minute later. */
function afterFences(platform: Platform, world: World, runs: readonly Run[]): World {
  return [...platform.fences].reduce(
    (next, region) =>
      fenced(
        platform,
        next,
        region,
        runs.some((run) => run.node !== undefined && run.region === region),
      ),
    world,
  );
}

/** The command that a message contains, when it names a takeover of the platform. */
function startIn({ platform }: Regions, runs: readonly Run[], message: string): Start | undefined {
  const command = commandIn(message);
  if (!command || platform.takeoverArns.get(command.region) !== command.machine) return undefined;
  const input = "input" in command ? command.input : runs.find(({ execution }) => execution === command.execution)?.input;
  return input && { region: command.region, input };
}

function judgeEnd(model: Regions, state: State): Breach[] {
  const last = state.runs.at(-1);
  if (!last) return [];
  const critical = state.world.messages.filter(isCritical);
  const commands = critical.map((message) => startIn(model, state.runs, message)).filter((found) => found !== undefined);
  // An execution that rejects its input changes nothing: the messages before it still apply.
  const command = commands.findLast(({ input }) => JSON.stringify(input) !== JSON.stringify(INCOMPLETE)) ?? commands.at(-1);
  return [...allowedElsewhere(model, state, critical), ...notServed(model, state, last, command), ...notRepaired(model, state, command)];
}

/** (a) */
function allowedElsewhere(model: Regions, { world, runs }: State, critical: readonly string[]): Breach[] {
  const { platform } = model;
  if (runs.every(({ before }) => before.value === summary(world))) return [];
  return platform.regions
    .filter((region) => region !== world.writer && !world.dark.includes(region) && isAllowed(platform, world, region))
    .filter((region) => !runs.every(({ before }) => wasAllowedThen(platform, before.value, region, world.writer)))
    .filter((region) => !critical.some((message) => message.includes(region) && startIn(model, runs, message) !== undefined))
    .map((region) => ({
      invariant: "a",
      sentence: `${region} is allowed to write, ${world.writer} is the writer, and no critical message names ${region} and the command`,
    }));
}

/** Whether a standby was allowed to write before the run, with the same writer: the run has not caused it. */
function wasAllowedThen(platform: Platform, before: string, region: string, writer: string): boolean {
  const [writerThen, , parameters] = JSON.parse(before) as [string, unknown, Record<string, string>];
  return writerThen === writer && parameters[writesParameter(platform, region)] === "allowed";
}

/** (b) */
function notServed(model: Regions, { world, runs }: State, last: Run, command: Start | undefined): Breach[] {
  const { platform } = model;
  if (isServed(platform, world) || command || last.before.value === summary(world)) return [];
  const isWriterLostLater = world.dark.includes(world.writer) && last.outcome === "succeeded";
  if (isWriterLostLater || runs.some(({ before }) => before.value === summary(world))) return [];
  const { writer, promotion } = world;
  const problem =
    promotion !== null
      ? `the promotion of ${promotion.target} is in progress`
      : answeredRegion(platform, world) !== writer
        ? `DNS answers ${answeredRegion(platform, world) ?? "no region"} while ${writer} is the writer`
        : !isAllowed(platform, world, writer)
          ? `${writer} is the writer and is not allowed to write`
          : `the tasks of ${writer} do not use its database`;
  return [
    { invariant: "b", sentence: `${problem}, after a run that ${endOf(last, world.messages)}, and no critical message has the command` },
  ];
}

function endOf({ outcome }: Run, messages: readonly string[]): string {
  const reported = messages.findLast((message) => !message.startsWith("CRITICAL"));
  return `${outcome}${reported === undefined ? "" : ` with "${reported.split(":")[0] ?? ""}"`}`;
}

/** (c) */
function notRepaired(model: Regions, state: State, command: Start | undefined): Breach[] {
  if (!command || (isServed(model.platform, state.world) && isCalm(state))) return [];
  // A takeover refuses to run until an operator has completed the rewind.
  if (restoredRegions(model.platform, state.world).length > 0) return [];
  const end = calmRun(model, state, command);
  if (isServed(model.platform, end.world)) return [];
  return [
    {
      invariant: "c",
      sentence: `the command ${command.region} ${JSON.stringify(command.input)} ends with "${end.world.messages.at(-1)?.slice(0, 80) ?? ""}" and the service is not restored`,
    },
  ];
}
