import type { Effect } from "../../config/changes/effects";
import { mergeTrees } from "../../config/paths";
import { MINIMAL } from "./config";
import { once } from "./once";
import { step } from "./progress";
import { everyStack, type Synthesized } from "./synthesized";
import type { PlannedChange, Terraform } from "./terraform";

/** Keys of `terraform.tfvars`. */
export type Values = Readonly<Record<string, unknown>>;

/** A change of one key, as a user makes it. */
export interface Change {
  /** Path of the key, as on docs/reference/configuration.md. */
  readonly key: string;
  readonly to: Values;
  /** What the change requires of other keys. Another change of the same plan makes it. */
  readonly given?: Values;
  /** What a plan shows, if it does not show the effect. */
  readonly shows?: Effect;
}

/** Tables that a user writes as a whole, so that a change can remove an entry. */
const WHOLE = ["services", "service_images", "feature_flags", "validation.limits"];

/** Lays keys over others. */
export const over = (values: Values, to: Values): Values => mergeTrees(values, to, WHOLE);

/** With the hosted zone of the tests, which a deployed environment has already. */
export const inZone = (values: Values): Values => mergeTrees({ dns: MINIMAL.dns }, values);

export const withAll = (values: Values, changes: readonly Change[]): Values => changes.reduce((all, { to }) => over(all, to), values);

/** The stacks of a configuration, by name. */
type Stacks = ReadonlyMap<string, Synthesized>;

/** A planned change, and the stack that it is in. */
type StackChange = PlannedChange & { readonly stack: string };

/** Types of resources with contents that cannot be created again. */
const STORES = new Set([
  "aws_backup_vault",
  "aws_cloudwatch_event_archive",
  "aws_cloudwatch_log_group",
  "aws_dynamodb_table",
  "aws_dynamodb_table_replica",
  "aws_ecr_repository",
  "aws_elasticache_replication_group",
  "aws_rds_cluster",
  "aws_rds_global_cluster",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_sqs_queue",
]);

/** Types that observe, permit, name or measure what others do. They come and go with it, within one apply. */
const INCIDENTAL =
  /^(aws_appautoscaling_\w+|aws_backup_vault_policy|aws_cloudwatch_(composite_alarm|dashboard|event_rule|event_target|metric_alarm|log_\w+)|aws_elasticache_(subnet_group|user|user_group)|aws_iam_\w+|aws_kms_\w+|aws_lambda_\w+|aws_network_acl_rule|aws_rds_cluster_role_association|aws_s3_(bucket_\w+|object)|aws_secretsmanager_secret_version|aws_security_group|aws_sns_\w+|aws_ssm_parameter|aws_vpc_security_group_\w+|terraform_data)$/;

const REFERENCE = /\b(?:aws_[a-z0-9_]+|terraform_data|var|local)\.[\w-]+/g;

const known = new WeakMap<Synthesized, ReadonlyMap<string, string>>();

/** The texts of a stack by what they define: `aws_lb.alb`, `local.x`, `var.y`. */
function definitions(stack: Synthesized | undefined): ReadonlyMap<string, string> {
  const texts = (stack && known.get(stack)) ?? textsOf(stack);
  if (stack) known.set(stack, texts);
  return texts;
}

function textsOf(stack: Synthesized | undefined): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const resource of stack?.all() ?? []) texts.set(resource.address, JSON.stringify(resource));
  const block = (name: string): Readonly<Record<string, unknown>> => (stack?.json[name] ?? {}) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(block("locals"))) texts.set(`local.${name}`, JSON.stringify(value));
  for (const [name, value] of Object.entries(block("variable"))) texts.set(`var.${name}`, JSON.stringify(value));
  return texts;
}

const references = new Map<string, readonly string[]>();

/** The names in a text. A change leaves most texts of a stack as they are. */
function referencesIn(text: string): readonly string[] {
  const found = references.get(text) ?? [...new Set(text.match(REFERENCE))];
  references.set(text, found);
  return found;
}

/** Adds what refers to the names, and what refers to that. @param through which names are followed further */
function withDependents(names: ReadonlySet<string>, texts: ReadonlyMap<string, string>, through: (name: string) => boolean): Set<string> {
  const found = new Set(names);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [name, text] of texts)
      if (!found.has(name) && referencesIn(text).some((other) => found.has(other) && through(other))) found.add(name);
  }
  return found;
}

/** What a change of the configuration touches in a stack: in its own text, and through references. */
interface Touched {
  readonly directly: ReadonlySet<string>;
  /** What only one of the two configurations has. */
  readonly existence: ReadonlySet<string>;
  /** The arguments that differ, of what is in both configurations and differs itself. */
  readonly differences: ReadonlyMap<string, readonly string[]>;
  readonly indirectly: () => ReadonlySet<string>;
  /** Whether the provider differs, whose tags every resource has. */
  readonly everyTag: boolean;
}

const isValue = (name: string): boolean => /^(var|local)\./.test(name);

function touchedIn(before: Synthesized | undefined, after: Synthesized | undefined): Touched {
  const [old, now] = [definitions(before), definitions(after)];
  const differing = new Set([...old.keys(), ...now.keys()].filter((name) => old.get(name) !== now.get(name)));
  const directly = withDependents(withDependents(differing, now, isValue), old, isValue);
  const always = (): boolean => true;
  const inBoth = [...differing].filter((name) => !isValue(name) && old.has(name) && now.has(name));
  const parsed = (text = "{}"): Values => JSON.parse(text) as Values;
  return {
    directly,
    existence: new Set([...differing].filter((name) => old.has(name) !== now.has(name))),
    differences: new Map(inBoth.map((name) => [name, differencesOf(parsed(old.get(name)), parsed(now.get(name)))])),
    indirectly: once(() => withDependents(withDependents(directly, now, always), old, always)),
    everyTag: JSON.stringify(before?.json["provider"]) !== JSON.stringify(after?.json["provider"]),
  };
}

/** The names of the top-level values in which two objects differ. */
function differencesOf(one: Values, other: Values): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

/**
 * Whether a planned update can be that of an argument that differs. What Terraform ignores by `ignore_changes` differs, and is not
 * in the update, which another key has caused.
 */
function updates({ change: { actions, before, after } }: StackChange, differing: readonly string[] | undefined): boolean {
  if (actions.join() !== "update" || !differing) return true;
  return differencesOf(before ?? {}, after ?? {}).some((name) => differing.includes(name));
}

/** The address of a resource without the key of its instance: `aws_subnet.a` of `aws_subnet.a["x"]`. */
const definitionOf = (address: string): string => address.replace(/\[.*\]$/, "");

/** Attributes the changes of a plan to the keys that cause them. The rest is what no key explains. */
function attribute(
  changes: readonly StackChange[],
  keys: ReadonlyMap<string, { readonly before: Stacks; readonly after: Stacks }>,
): { readonly of: ReadonlyMap<string, readonly StackChange[]>; readonly unexplained: readonly StackChange[] } {
  const stacks = [...new Set(changes.map(({ stack }) => stack))];
  const touched = new Map(
    [...keys].map(([key, { before, after }]) => [
      key,
      new Map(stacks.map((stack) => [stack, touchedIn(before.get(stack), after.get(stack))])),
    ]),
  );
  const of = new Map<string, StackChange[]>([...keys.keys()].map((key) => [key, []]));
  const unexplained: StackChange[] = [];
  for (const change of changes) {
    const address = definitionOf(change.address);
    const by = (touches: (key: Touched) => boolean): string[] =>
      [...keys.keys()].filter((key) => {
        const inStack = touched.get(key)?.get(change.stack);
        return inStack !== undefined && touches(inStack) && updates(change, inStack.differences.get(address));
      });
    const action = change.change.actions.join();
    const causes = firstFound([
      // A key that changes the text of a resource has no part in its creation or deletion by another key.
      () => (["create", "delete"].includes(action) ? by(({ existence }) => existence.has(address)) : []),
      () => by(({ directly }) => directly.has(address)),
      () => by(({ indirectly }) => indirectly().has(address)),
      () => by(({ everyTag }) => everyTag && action === "update"),
    ]);
    for (const key of causes) of.get(key)?.push(change);
    if (causes.length === 0) unexplained.push(change);
  }
  return { of, unexplained };
}

/** The result of the first search that finds something. */
function firstFound(searches: readonly (() => readonly string[])[]): readonly string[] {
  for (const search of searches) {
    const found = search();
    if (found.length > 0) return found;
  }
  return [];
}

/** What planned changes amount to: the most serious of them. */
function effectOf(changes: readonly StackChange[]): Effect {
  const deleted = (type: (type: string) => boolean): boolean =>
    changes.some((change) => type(change.type) && change.change.actions.includes("delete"));
  const lasting = changes.filter(({ type }) => !INCIDENTAL.test(type) && type !== "aws_ecs_task_definition");
  if (deleted((type) => STORES.has(type))) return "deletes data";
  const types = (action: string): string[] => lasting.filter(({ change }) => change.actions.includes(action)).map(({ type }) => type);
  if (types("create").some((type) => types("delete").includes(type))) return "replacement";
  if (lasting.some(({ change }) => change.actions.join() !== "update")) return "creation or deletion";
  if (deleted((type) => type === "aws_ecs_task_definition")) return "deployment";
  return changes.length > 0 ? "in place" : "none";
}

/**
 * Plans several changes at once against a deployed environment.
 * @param terraformOf Terraform in the initialized folder of a stack, with the JSON of the new configuration
 * @param suffix of the environment, which a few addresses contain
 * @param before the configuration with none of the changes, which is deployed, or to which the plan returns
 * @returns the effect of each key, and the resources that no key explains
 */
export async function plannedEffects(
  terraformOf: (stack: string) => Terraform,
  suffix: string,
  before: Values,
  changes: readonly Change[],
): Promise<{ readonly effects: ReadonlyMap<string, Effect>; readonly unexplained: readonly string[] }> {
  const synthesized = new Map<string, Stacks>();
  const stacksOf = (values: Values): Stacks => {
    const key = JSON.stringify(values);
    const stacks = synthesized.get(key) ?? everyStack({ ...inZone(values), environment_suffix: suffix });
    synthesized.set(key, stacks);
    return stacks;
  };
  const from = stacksOf(before);
  const keys = new Map(
    changes.map(({ key, to, given = {} }) => [
      key,
      { before: stacksOf(over(before, given)), after: stacksOf(over(over(before, given), to)) },
    ]),
  );
  const differing = [...stacksOf(withAll(before, changes))].filter(([stack, after]) => {
    const { directly, everyTag } = touchedIn(from.get(stack), after);
    return everyTag || [...directly].some((name) => !isValue(name));
  });
  const planned: StackChange[] = [];
  for (const [stack] of differing) {
    const found = await step(`plan of ${changes.length} changes in ${stack}`, () => terraformOf(stack).plannedChanges());
    planned.push(...found.map((change) => ({ ...change, stack })));
  }
  const { of, unexplained } = attribute(planned, keys);
  return {
    effects: new Map([...of].map(([key, caused]) => [key, effectOf(caused)])),
    unexplained: unexplained.map(({ stack, address, change }) => `${stack}: ${change.actions.join("+")} ${address}`),
  };
}
