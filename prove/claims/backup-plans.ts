import type { Graph } from "../graph/graph";
import { arnIn, named, withArn, type Located } from "../graph/located";
import { regionOf } from "../graph/regions";
import { block, blocks, type Resource, text, type Values } from "../graph/values";
import { matches } from "../iam/policy";
import { longestGap, minutesAhead, startsOf } from "../time/schedule";
import { ignores } from "./clusters";
import { functionMay, scheduledFunctions } from "./scheduled-functions";

/** A copy that a rule makes of each of its backups. */
export interface Copy {
  readonly arn: string | undefined;
  /** The vault, if a stack creates it. */
  readonly vault: Located | undefined;
  readonly days: number;
}

/** A rule of a backup plan. */
export interface BackupRule {
  /** `aws_backup_plan.plan, rule daily` */
  readonly name: string;
  readonly schedule: string | undefined;
  /** In minutes, over two years. Undefined if AWS does not accept the schedule. */
  readonly starts: readonly number[] | undefined;
  /** Whether it keeps one recovery point up to date, in the place of a backup at each time. */
  readonly isContinuous: boolean;
  readonly startWindowMinutes: number;
  readonly completionWindowMinutes: number;
  readonly days: number;
  /** Whether AWS refuses its lifecycle. */
  readonly isRefused: boolean;
  readonly vault: Located | undefined;
  readonly copies: readonly Copy[];
}

/** A selection of a plan, with the rules of the plan. */
export interface Selection {
  readonly resource: Resource;
  readonly rules: readonly BackupRule[];
}

/** The selections of a stack whose plan is in it. */
export function selectionsOf(graph: Graph, stacks: readonly Graph[]): readonly Selection[] {
  return graph.all("aws_backup_selection").flatMap((resource) => {
    const plan = graph.target(resource.values["plan_id"]);
    if (plan?.type !== "aws_backup_plan") return [];
    return [{ resource, rules: blocks(plan.values["rule"]).map((rule) => ruleOf(graph, stacks, plan, rule)) }];
  });
}

/** Provider defaults: 8 hours and 7 days. @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html */
const START_WINDOW = 480;
const COMPLETION_WINDOW = 10_080;

function ruleOf(graph: Graph, stacks: readonly Graph[], plan: Resource, rule: Values): BackupRule {
  const schedule = graph.text(rule["schedule"]);
  const target = graph.target(rule["target_vault_name"]);
  const region = regionOf(graph, plan);
  const vaultName = graph.text(rule["target_vault_name"]);
  const vaults = named(stacks, "aws_backup_vault", "name", vaultName).filter((vault) => vault.region === region);
  return {
    name: `${plan.address}, rule ${String(graph.text(rule["rule_name"]))}`,
    schedule,
    starts: schedule === undefined ? [] : startsIn(schedule, graph.text(rule["schedule_expression_timezone"])),
    isContinuous: text(rule["enable_continuous_backup"]) === "true",
    startWindowMinutes: Number(graph.text(rule["start_window"]) ?? START_WINDOW),
    completionWindowMinutes: Number(graph.text(rule["completion_window"]) ?? COMPLETION_WINDOW),
    days: daysOf(graph, rule),
    isRefused: [rule, ...blocks(rule["copy_action"])].some((part) => isColdTooLate(graph, part)),
    vault: target && target.type !== "aws_backup_vault" ? undefined : vaults[0],
    copies: blocks(rule["copy_action"]).map((copy) => {
      const arn = graph.text(copy["destination_vault_arn"]);
      return { arn, vault: withArn(stacks, "aws_backup_vault", arn), days: daysOf(graph, copy) };
    }),
  };
}

/** Without a lifecycle, AWS Backup never deletes a backup. */
function daysOf(graph: Graph, values: Values): number {
  const days = graph.text(block(values["lifecycle"])["delete_after"]);
  return days === undefined ? Infinity : Number(days);
}

/** A backup must be in cold storage for 90 days. @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html */
function isColdTooLate(graph: Graph, values: Values): boolean {
  const cold = graph.text(block(values["lifecycle"])["cold_storage_after"]);
  return cold !== undefined && Number(cold) > 0 && daysOf(graph, values) < Number(cold) + 90;
}

function startsIn(schedule: string, zone = "UTC"): readonly number[] | undefined {
  const ahead = minutesAhead(zone);
  return ahead === undefined ? undefined : startsOf(schedule)?.map((start) => start - ahead);
}

/** The longest time without a backup at a time that rules name, in hours. */
export function longestGapHours(rules: readonly BackupRule[]): number {
  return longestGap(rules.filter(({ isContinuous }) => !isContinuous).map(({ starts }) => starts ?? [])) / 60;
}

/**
 * Two rules of which each may start while the other does: AWS Backup keeps one of the two backups.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
 */
export function colliding(rules: readonly BackupRule[]): readonly [BackupRule, BackupRule] | undefined {
  const all = rules.flatMap((rule) => (rule.starts ?? []).map((start) => ({ rule, start }))).sort((one, other) => one.start - other.start);
  const second = all.findIndex(({ rule, start }, index) => {
    const before = all[index - 1];
    return before !== undefined && before.rule !== rule && start - before.start < before.rule.startWindowMinutes;
  });
  const [one, other] = [all[second - 1], all[second]];
  return second > 0 && one && other ? [one.rule, other.rule] : undefined;
}

/**
 * Why a selection does not contain a resource: its ARN is not in it, or it has not the tags. Undefined if it does.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
 */
export function notSelected(graph: Graph, selection: Resource, resource: Resource): string | undefined {
  const { values, address } = selection;
  const arn = arnIn(graph, resource) ?? "";
  const texts = (argument: string): readonly string[] => graph.list(values[argument]).map((one) => graph.text(one) ?? "");
  const tags = blocks(values["selection_tag"]);
  const named = texts("resources");
  if (texts("not_resources").some((pattern) => matches(arn, pattern))) return `${address} leaves ${resource.address} out.`;
  const isNamed = named.some((pattern) => matches(arn, pattern)) || (named.length === 0 && tags.length === 0);
  const isTagged = tags.some(({ key, value }) => hasTag(graph, resource, graph.text(key) ?? "", graph.text(value) ?? "", "equals"));
  if (!isNamed && !isTagged) return `${address} does not select ${resource.address}: ${named.join(", ")}.`;
  const unmet = conditionsOf(graph, values["condition"]).find(
    ({ key, value, operator, negated }) => hasTag(graph, resource, key.replace(/^aws:ResourceTag\//, ""), value, operator) === negated,
  );
  return (
    unmet && `${address} selects ${resource.address} by the condition ${unmet.key} and ${unmet.value}, which nothing in this stack meets.`
  );
}

interface TagCondition {
  readonly key: string;
  readonly value: string;
  readonly operator: "equals" | "like";
  readonly negated: boolean;
}

function conditionsOf(graph: Graph, condition: unknown): readonly TagCondition[] {
  return blocks(condition).flatMap((operators) =>
    Object.entries(operators).flatMap(([name, conditions]) =>
      blocks(conditions).map(({ key, value }) => ({
        key: graph.text(key) ?? "",
        value: graph.text(value) ?? "",
        operator: name.endsWith("like") ? ("like" as const) : ("equals" as const),
        negated: name.includes("not"),
      })),
    ),
  );
}

/** Whether a resource has a tag: by Terraform, or by a function that sets it again and again. */
function hasTag(graph: Graph, resource: Resource, key: string, value: string, operator: TagCondition["operator"]): boolean {
  const fits = (tag: string): boolean => (operator === "like" ? matches(tag, value) : tag === value);
  const tag = tagsOf(graph, resource)[key];
  if (tag !== undefined) return fits(tag);
  // What Terraform does not ignore, its next apply removes.
  if (!ignores(resource, "tags") && !isIgnoredTag(graph, key)) return false;
  const arn = arnIn(graph, resource);
  return scheduledFunctions(graph).some(
    (lambda) =>
      lambda.environment.includes(key) &&
      lambda.environment.some(fits) &&
      arn !== undefined &&
      functionMay(lambda, { action: "rds:AddTagsToResource", resource: arn }),
  );
}

function tagsOf(graph: Graph, { values }: Resource): Readonly<Record<string, string | undefined>> {
  const provider = blocks(graph.json.provider?.["aws"]).find(({ alias }) => alias === undefined) ?? {};
  const tags = { ...block(block(provider["default_tags"])["tags"]), ...(values["tags"] as Values | undefined) };
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, graph.text(value)]));
}

function isIgnoredTag(graph: Graph, key: string): boolean {
  return blocks(graph.json.provider?.["aws"])
    .filter(({ alias }) => alias === undefined)
    .flatMap((provider) => blocks(provider["ignore_tags"]))
    .some(
      (ignored) =>
        graph.list(ignored["keys"]).some((one) => graph.text(one) === key) ||
        graph.list(ignored["key_prefixes"]).some((prefix) => key.startsWith(graph.text(prefix) ?? "\0")),
    );
}
