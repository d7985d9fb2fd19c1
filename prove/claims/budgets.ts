import { type Budget, inWords, type Kind, sum } from "../budgets/budget";
import { alarmsOf } from "../alarms/alarms";
import { secondsUntilAlarm } from "../alarms/metric-alarm";
import { backupBudgets } from "../budgets/backups";
import { connectionBudgets, dnsBudgets } from "../budgets/dns";
import { hearingBudgets } from "../budgets/hearing";
import { takeoverBudgets, zoneShiftBudgets } from "../budgets/runbooks";
import { writerBudgets } from "../budgets/stores";
import { taskBudgets } from "../budgets/targets";
import type { Graph } from "../graph/graph";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";

type Find = (graph: Graph, stacks: readonly Graph[]) => readonly Budget[];

/** Claims about times. Each adds up the parts of a failure, and compares the sum with what the documentation promises. */
export const BUDGET_CLAIMS: readonly Claim[] = [
  claim(
    "F1",
    "A task that no longer answers receives no request after 13 s",
    ["task"],
    taskBudgets,
    "No service runs tasks behind a load balancer.",
  ),
  claim(
    "F2",
    "DNS fails over to another region at most 60 s after the loss of a region",
    ["dns"],
    dnsBudgets,
    "There is no record with failover.",
  ),
  claim(
    "F3",
    "No client keeps a connection to a lost region or zone for more than 60 s",
    ["connection"],
    connectionBudgets,
    "No load balancer faces the internet.",
  ),
  claim(
    "F4",
    "On-call is notified of errors within 180 s, and of a lost task, writer and region within 300 s",
    ["hear-errors", "hear-task", "hear-writer", "hear-region"],
    hearingBudgets,
    "There is no alarm on a part of the platform.",
  ),
  {
    id: "F5",
    title: "Each alarm fires within the time that its description states",
    decide: (graph) => {
      const stated = [...alarmsOf(graph).metric.values()].flatMap((alarm) => {
        const { address, values } = alarm.resource;
        const [, promised] = /latency:?\s*(\d+)\s*s\b/i.exec(graph.text(values["alarm_description"]) ?? "") ?? [];
        return promised === undefined ? [] : [{ address, alarm, promised: Number(promised), seconds: secondsUntilAlarm(alarm) }];
      });
      if (stated.length === 0) return notApplicable("No alarm states a time.");
      const odd = stated.find(({ seconds }) => seconds === undefined);
      if (odd) return unknown(`A period of ${odd.address} is an expression.`);
      const faults = stated.flatMap(({ address, alarm, promised, seconds = 0 }) =>
        seconds > promised
          ? [`${address} states ${promised} s, and fires after at most ${seconds} s: ${alarm.datapoints} periods, delivery and evaluation.`]
          : [],
      );
      return decided(faults, [`${stated.length} alarms`], "Period, delivery and evaluation of each are within it.");
    },
  },
  claim("F6", "The loss of the database writer usually ends within 60 s", ["writer"], writerBudgets, "There is no database instance."),
  claim(
    "F7",
    "A takeover by command allows writes within 600 s, with a promotion of usual length",
    ["takeover"],
    takeoverBudgets,
    "No state machine promotes a database of another region.",
  ),
  {
    ...claim(
      "F8",
      "The newest backup of each database and table is never older than 7 h",
      ["backup"],
      backupBudgets,
      "There is no backup plan.",
    ),
    requirementIds: ["S003-2.5"],
  },
  claim(
    "F9",
    "Traffic has left an impaired zone after 420 s",
    ["zone-shift"],
    zoneShiftBudgets,
    "No state machine that an alarm starts shifts traffic.",
  ),
];

function claim(id: string, title: string, kinds: readonly Kind[], find: Find, none: string): Claim {
  return {
    id,
    title,
    decide: (graph, stacks) =>
      finding(
        find(graph, stacks).filter(({ kind }) => kinds.includes(kind)),
        none,
      ),
  };
}

/** Refuted by the first budget that never ends, or that is longer than its promise. */
function finding(budgets: readonly Budget[], none: string): Finding {
  const [first] = budgets;
  if (!first) return notApplicable(none);
  const faults = budgets.flatMap((budget) => [...budget.faults, ...late(budget)]);
  const open = budgets.find((budget) => budget.unknown !== undefined);
  if (faults.length === 0 && open?.unknown !== undefined) return unknown(open.unknown);
  return decided(
    faults,
    budgets.map(({ failure, phases, most }) => `${failure}: ${sum(phases)} = ${inWords(most)}`),
    "The sum of each is within the promise.",
  );
}

function late({ failure, phases, most, promise, faults, unknown: open }: Budget): string[] {
  if (!promise || faults.length > 0 || open !== undefined || promise.kept) return [];
  const taken = most === undefined ? "has no upper bound" : `takes ${most} s`;
  return [`${failure} ${taken}: ${sum(phases)}. The promise is ${promise.seconds} s (${promise.where}).`];
}
