import { budgets, type Budget } from "../budgets";
import { alarmsOf } from "../alarms/alarms";
import type { Graph } from "../graph/graph";
import { takeoversOf } from "../takeover/takeover";
import { type Area, arrow, box, frame, heightOf, type Kind, line, picture, type Size } from "./canvas";
import { sceneOf } from "./scene";
import { failoverSteps, type Step } from "./takeover-steps";

const MARGIN = 14;
const COLUMN = 280;
const GAP = 20;
const STEP = 24;
const TOP = 96;
/** The call that lets the tasks of a region write. */
const PERMISSION = "ssm:putParameter";

interface Stage {
  readonly kind: Kind;
  readonly texts: readonly string[];
  readonly size?: Size;
}

/**
 * The loss of a region: what Route 53 does, how on-call is notified, and the steps of the runbook, each with its longest time.
 * Undefined for platforms without a takeover.
 */
export function takeover(stacks: readonly Graph[]): string | undefined {
  const { names, sites } = sceneOf(stacks);
  const lost = sites.find(({ database }) => database?.isWriter)?.region.name;
  const graph = stacks.find((one) => one.region !== lost && takeoversOf(one).length > 0);
  const [found] = graph ? takeoversOf(graph) : [];
  if (lost === undefined || !graph || !found) return undefined;
  const all = budgets(stacks);
  const here = graph.region ?? graph.name;
  const budgetOf = (kind: Budget["kind"], region: string): Budget | undefined =>
    all.find((one) => one.kind === kind && one.region === region);
  const columns: readonly (readonly Stage[])[] = [
    dnsStages(names[0]?.name ?? "", here, budgetOf("dns", lost)),
    alarmStages(graph, lost, budgetOf("hear-region", here)),
    runbookStages(failoverSteps(found), here, budgetOf("takeover", here)),
  ];
  const heads = ["Clients: no operator", "On-call is notified", "Takeover by command"];
  const ends = columns.map((stages) => stages.reduce((y, stage) => y + stageHeight(stage) + STEP, TOP + 44) - STEP);
  const bottom = Math.max(...ends) + 14;
  const left = (index: number): number => MARGIN + index * (COLUMN + GAP);
  const width = left(2) + COLUMN + MARGIN;
  return picture({
    title: `The loss of ${lost}, and the takeover by ${here}`,
    description: heads.map((head, index) => `${head}: ${columns[index]?.map(({ texts }) => texts.join(", ")).join("; ") ?? ""}.`).join(" "),
    width,
    height: bottom + MARGIN,
    parts: [
      box("lost", { x: width / 2 - 150, y: MARGIN, width: 300, height: 40 }, [`${lost} is lost`], { size: "strong" }),
      ...heads.flatMap((head, index) => [
        frame("frame", { x: left(index), y: TOP, width: COLUMN, height: (ends[index] ?? TOP) + 14 - TOP }),
        line(left(index) + COLUMN / 2, TOP + 28, head, { size: "strong", anchor: "middle", width: COLUMN }),
      ]),
      ...[0, 1].map((index) => arrow(fromLoss(width / 2, left(index) + COLUMN / 2))),
      ...columns.flatMap((stages, index) => column(stages, { x: left(index) + 12, y: TOP + 44, width: COLUMN - 24, height: 0 })),
      ...toRunbook(ends[1] ?? 0, left),
    ],
  });
}

const stageHeight = ({ texts, size = "normal" }: Stage): number => heightOf(texts, COLUMN - 24, size);

type Point = readonly [number, number];

function fromLoss(middle: number, x: number): readonly Point[] {
  return Math.abs(middle - x) < 140
    ? [
        [x, MARGIN + 40],
        [x, TOP],
      ]
    : [
        [middle - 150, MARGIN + 20],
        [x, MARGIN + 20],
        [x, TOP],
      ];
}

/** From the end of the second column to the head of the third one. */
function toRunbook(end: number, left: (index: number) => number): readonly string[] {
  const x = left(1) + COLUMN - 12;
  const gap = left(2) - GAP / 2;
  return [
    arrow(
      [
        [x, end - 22],
        [gap, end - 22],
        [gap, TOP + 62],
        [left(2) + 12, TOP + 62],
      ],
      "alert",
    ),
  ];
}

function column(stages: readonly Stage[], { x, y, width }: Area): readonly string[] {
  let top = y;
  return stages.flatMap((stage, index) => {
    const height = stageHeight(stage);
    const parts = [
      ...(index === 0
        ? []
        : [
            arrow([
              [x + width / 2, top - STEP],
              [x + width / 2, top],
            ]),
          ]),
      box(stage.kind, { x, y: top, width, height }, stage.texts, { size: stage.size ?? "normal" }),
    ];
    top += height + STEP;
    return parts;
  });
}

const atMost = (budget: Budget | undefined): string =>
  budget?.most === undefined ? "no upper bound is known" : `at most ${budget.most} s`;

function dnsStages(name: string, here: string, budget: Budget | undefined): readonly Stage[] {
  const [check, cached] = budget?.phases ?? [];
  return [
    { kind: "entry", texts: ["Route 53: the health check fails", check?.formula ?? ""].filter((text) => text !== "") },
    {
      kind: "entry",
      texts: [`${name} resolves to ${here}`, ...(check?.most === undefined ? [] : [`at most ${check.most} s after the loss`])],
    },
    {
      kind: "plain",
      texts: ["clients resolve the name again", (cached?.formula ?? "").replace(/^ttl/, "TTL")].filter((text) => text !== ""),
    },
    { kind: "data", texts: [`clients are in ${here}`, atMost(budget)], size: "strong" },
  ];
}

function alarmStages(graph: Graph, lost: string, budget: Budget | undefined): readonly Stage[] {
  const composites = [...alarmsOf(graph).composite.keys()].filter((name) => name.includes(`lost-${lost}`) && !name.includes(" or "));
  const [first, ...others] = budget?.phases ?? [];
  return [
    {
      kind: "operations",
      texts: [
        `canary of ${graph.region ?? ""} fails`,
        "its alarm fires",
        first?.most === undefined ? "" : `at most ${first.most} s`,
      ].filter((text) => text !== ""),
    },
    ...(composites.length > 0 ? [{ kind: "operations", texts: ["composite alarm", `${lost} is lost`] } as const] : []),
    { kind: "operations", texts: ["SNS topic", ...others.map(({ most }) => `waits for up to ${most ?? "?"} s`)] },
    { kind: "data", texts: ["on-call is notified", atMost(budget)], size: "strong" },
  ];
}

function runbookStages(steps: readonly Step[], here: string, budget: Budget | undefined): readonly Stage[] {
  const isTypical = budget?.phases.some(({ typical }) => typical === true);
  const writes: Stage = {
    kind: "data",
    texts: [`writes are in ${here}`, `${atMost(budget)} from the command${isTypical ? ", with a promotion of usual length" : ""}`],
    size: "strong",
  };
  const allowed = steps.findIndex(({ calls }) => calls.includes(PERMISSION));
  const stages = steps.map(({ name, calls }): Stage => ({ kind: "compute", texts: [name, ...calls] }));
  const last = allowed === -1 ? stages.length : allowed + 1;
  return [
    { kind: "plain", texts: ["operator starts the runbook", "mode: failover"] },
    ...stages.slice(0, last),
    writes,
    ...stages.slice(last),
  ];
}
