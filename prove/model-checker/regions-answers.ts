import type { Effect } from "./effects";
import { actionOf, type Fault, isRetried, persistentFaults, throttles } from "./faults";
import type { PendingTask } from "./interpreter";
import type { Platform } from "./platform";
import { type Budgets, type Run, spend, type State } from "./regions-state";
import { perform } from "./takeover-calls";
import type { World } from "./world";

/** States of an execution that has started within the last seconds. */
const RECENT = /^(NotifyStart|FindExecutions|InspectGlobalDatabase)$/;
const READS = /^(describe|get|list)/;

/** How a Task is answered, the time that it takes, and what may happen after it. */
interface PossibleAnswer {
  readonly effect: Effect;
  readonly seconds: number;
  readonly left: Budgets;
}

export function canProceed({ world }: State, { node, region }: Run): boolean {
  return node !== undefined && !world.dark.includes(region);
}

/** The answers to a Task: of the environment, and of every fault that the budgets allow. */
export function answersTo(platform: Platform, state: State, index: number, task: PendingTask): PossibleAnswer[] {
  const { runs, world, left } = state;
  const run = runs[index];
  if (!run) return [];
  const action = actionOf(task.state);
  const earlier = runs.slice(0, index).filter((other) => canProceed(state, other));
  const caller = {
    region: run.region,
    execution: run.execution,
    allowsDataLoss: run.input.allowDataLoss === true,
    hasRequested: run.hasRequested,
    found: run.found,
    seesRestored: run.seesRestored,
    earlier: earlier.map(({ execution, node }) => ({ execution, isRecent: node?.tasks.some(({ name }) => RECENT.test(name)) === true })),
  };
  const effects = perform(platform, world, caller, action, task);
  const answers: PossibleAnswer[] = effects.map((effect) => ({ effect, seconds: 0, left }));
  const possible = effects.filter(({ answer }) => "result" in answer);
  if (possible.length === 0) return answers;
  const throttled = spend(left, "throttles");
  if (throttled)
    for (const fault of throttles(action).filter(({ error }) => !isRetried(task, error)))
      answers.push({ effect: faulty(world, fault, 0), seconds: fault.seconds, left: throttled });
  if (!spend(left, "faults")) return answers;
  for (const fault of persistentFaults(task, action)) {
    answers.push({ effect: faulty(world, fault, 1), seconds: fault.seconds, left });
    const lost = possible.find((effect) => effect.world !== world && !READS.test(action.split(":")[1] ?? "") && action !== "sns:publish");
    if (lost) {
      const unanswered = faulty(lost.world, { ...fault, note: "succeeds, but its answer is lost" }, 1);
      answers.push({ effect: { ...unanswered, ...(lost.requests && { requests: true }) }, seconds: fault.seconds, left });
    }
  }
  return answers;
}

function faulty(world: World, { note, error }: Fault, faults: number): Effect {
  return { answer: { error, cause: `the call ${note}` }, world, note, faults };
}
