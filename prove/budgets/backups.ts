import type { Graph } from "../graph/graph";
import { block, blocks, type Resource } from "../graph/values";
import { matches } from "../iam/policy";
import { longestGap, startsOf } from "../time/schedule";
import { type Budget, budget, numberOf, type Phase } from "./budget";
import { PLEDGES } from "./promises";

const PLANS = "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html";
const PITR = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html";
/** AWS Backup starts a job within this many minutes, without `start_window`. */
const START_WINDOW = 480;
const BACKED_UP = ["aws_rds_cluster", "aws_dynamodb_table"];

/** The age of the newest backup of each database and table, before the next one begins. */
export function backupBudgets(graph: Graph): readonly Budget[] {
  const plans = graph.all("aws_backup_plan");
  if (plans.length === 0) return [];
  return BACKED_UP.flatMap((type) => graph.all(type)).flatMap((store) => {
    const selecting = plans.filter((plan) =>
      graph.referring("aws_backup_selection", "plan_id", plan).some((selection) => selects(graph, selection, store)),
    );
    // A table that no plan selects has its point-in-time recovery: any second, and no gap.
    if (selecting.length === 0 && isRestoredToAnySecond(graph, store)) return [];
    const rules = selecting.flatMap(({ values }) => blocks(values["rule"]));
    const starts = rules.map(({ schedule }) => startsOf(graph.text(schedule) ?? ""));
    const windows = rules.map(({ start_window: window }) => numberOf(graph, window, START_WINDOW));
    const common = {
      kind: "backup",
      subject: store.address,
      failure: `the newest backup of ${store.address}`,
      pledge: PLEDGES.backup,
    } as const;
    if (rules.length > 0 && (starts.includes(undefined) || windows.includes(undefined)))
      return [
        budget(graph, {
          ...common,
          phases: [],
          rpo: "unknown",
          unknown: `A schedule of a backup plan of ${store.address} cannot be read.`,
        }),
      ];
    const minutes = longestGap(starts.map((start) => start ?? []));
    const gap = minutes === Infinity ? undefined : minutes * 60;
    const window = Math.max(0, ...windows.map((one) => one ?? 0)) * 60;
    const faults = [
      ...(selecting.length === 0 ? [`No backup plan selects ${store.address}.`] : []),
      ...(selecting.length > 0 && gap === undefined ? [`The backup plan of ${store.address} makes no backup within two years.`] : []),
    ];
    const phases: Phase[] = [
      {
        what: "until the next backup is due",
        least: 0,
        most: gap,
        formula: `the longest gap between the runs of ${rules.length} rules`,
        source: PLANS,
      },
      { what: "until AWS Backup starts it", least: 0, most: window, formula: `start_window ${window / 60} min`, source: PLANS },
    ];
    return [
      budget(graph, {
        ...common,
        phases: faults.length > 0 ? [] : phases,
        faults,
        rto: "minutes to hours",
        rpo: gap === undefined ? "everything" : `${(gap + window) / 3600} h`,
      }),
    ];
  });
}

/** Wrong data: continuous backups restore any second of some days. */
export function rewindBudgets(graph: Graph): readonly Budget[] {
  return graph.all("aws_rds_cluster").map((cluster) => {
    const days = numberOf(graph, cluster.values["backup_retention_period"], 1) ?? 1;
    const backtrack = numberOf(graph, cluster.values["backtrack_window"], 0) ?? 0;
    const phase: Phase =
      backtrack > 0
        ? {
            what: "backtrack in place",
            least: 0,
            most: undefined,
            formula: `backtrack_window ${backtrack} s: no upper bound is documented`,
            source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html",
          }
        : { what: "a restore to another cluster", least: 0, most: undefined, formula: "no upper bound is documented", source: PITR };
    return budget(graph, {
      kind: "rewind",
      subject: cluster.address,
      failure: "wrong data",
      phases: [phase],
      rto: backtrack > 0 ? "minutes" : "minutes to hours",
      rpo: `any second of the last ${days} days, until about five minutes ago`,
    });
  });
}

/** A database has continuous backups as well, but its snapshots are what is copied to another region. */
function isRestoredToAnySecond(graph: Graph, { type, values }: Resource): boolean {
  return type === "aws_dynamodb_table" && graph.text(block(values["point_in_time_recovery"])["enabled"]) === "true";
}

/** Whether a selection names a resource, by a reference, an ARN or a pattern. Its conditions are taken as met. */
function selects(graph: Graph, { values }: Resource, store: Resource): boolean {
  const arn = graph.arn(store);
  const named = (list: unknown): boolean =>
    graph.list(list).some((item) => {
      const text = graph.text(item);
      return graph.target(item)?.address === store.address || (arn !== undefined && text !== undefined && matches(arn, text));
    });
  const tagged = graph.list(values["resources"]).length === 0 && blocks(values["selection_tag"]).length > 0;
  return !named(values["not_resources"]) && (named(values["resources"]) || tagged);
}
