import { documentOf } from "../../config/presets";

/** Something that must hold of a live environment. */
export type Check<Scope> = BaseCheck<Scope> & (ByDocument | ByOption);

interface BaseCheck<Scope> {
  /** What must hold, as a sentence that is true or not. A literal: docs/requirements.md cites it. */
  readonly requirement: string;
  /** Whether the configuration requires it at all. @default - always */
  readonly appliesTo?: (live: Scope) => boolean;
  /** What contradicts it, each a fragment that names the resource and what is wrong with it. None when it holds. */
  readonly violations: (live: Scope) => Promise<readonly string[]>;
  /** What is worth knowing and is no violation. @default - nothing */
  readonly notes?: (live: Scope) => Promise<readonly string[]>;
}

/** What requirement documents require. */
interface ByDocument {
  /** Rows of docs/requirements.md: `S000-1.1`. The page's citations of checks are written from them. */
  readonly requirementIds: readonly [string, ...string[]];
}

/** What no document requires, and a user turns on. */
interface ByOption {
  readonly requirementIds: readonly [];
  /** Key of `terraform.tfvars` that turns it on: `dns.apex`. */
  readonly option: string;
}

export interface Result {
  /** The region, or `failover` for what joins them. */
  readonly region: string;
  readonly requirement: string;
  /** Rows of docs/requirements.md, of the preset's own document. */
  readonly requirementIds: readonly string[];
  /** `unknown`: AWS could not be asked. */
  readonly result: "pass" | "fail" | "unknown";
  /** What contradicts it, or why AWS could not be asked. */
  readonly violations: readonly string[];
  readonly notes: readonly string[];
}

/** A resource that should exist and does not: a violation, wherever it is noticed. */
export class Missing extends Error {}

/** Runs every check that applies to the configuration, all at once. */
export async function runChecks<Scope extends { readonly scope: string; readonly preset: string }>(
  live: Scope,
  checks: readonly Check<Scope>[],
): Promise<Result[]> {
  const applicable = checks.filter((check) => check.appliesTo?.(live) ?? true);
  return Promise.all(applicable.map((check) => runCheck(live, check)));
}

async function runCheck<Scope extends { readonly scope: string; readonly preset: string }>(
  live: Scope,
  { requirement, requirementIds, violations, notes }: Check<Scope>,
): Promise<Result> {
  const document = documentOf(live.preset) ?? "";
  const ids: readonly string[] = requirementIds;
  const known = { region: live.scope, requirement, requirementIds: ids.filter((id) => id.startsWith(`${document}-`)) };
  try {
    const found = await withMissing(() => violations(live));
    return found.length === 0
      ? { ...known, result: "pass", violations: [], notes: (await notes?.(live)) ?? [] }
      : { ...known, result: "fail", violations: found, notes: [] };
  } catch (error) {
    return { ...known, result: "unknown", violations: [errorText(error)], notes: [] };
  }
}

/**
 * The violations of one resource among others: that AWS does not know it is one of them.
 * @param name of the resource, in front of each violation
 */
export async function checkResource(name: string, violations: () => Promise<readonly string[]>): Promise<string[]> {
  return (await withMissing(violations)).map((violation) => (violation.startsWith(name) ? violation : `${name}: ${violation}`));
}

/** The violations of each of several items. */
export async function checkEach<Item>(items: readonly Item[], violations: (item: Item) => Promise<readonly string[]>): Promise<string[]> {
  return (await Promise.all(items.map(violations))).flat();
}

/** The violations; that a resource does not exist is one. */
async function withMissing(violations: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await violations();
  } catch (error) {
    if (error instanceof Missing || isNotFound(error)) return [errorText(error)];
    throw error;
  }
}

/** AWS's services have no common word for what does not exist. */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && /NotFound|NoSuch|DoesNotExist|NonExistent/.test(error.name);
}

function errorText(error: unknown): string {
  if (error instanceof Missing || !(error instanceof Error)) return error instanceof Error ? error.message : String(error);
  return `${error.name}: ${error.message}`.replace(/\s+/g, " ");
}

/** One violation for each setting that is not as it should be: `interval is 30, not 5`. */
export function differences(settings: Readonly<Record<string, readonly [actual: unknown, desired: unknown]>>): string[] {
  return Object.entries(settings)
    .filter(([, [actual, desired]]) => display(actual) !== display(desired))
    .map(([name, [actual, desired]]) => `${name} is ${display(actual)}, not ${display(desired)}`);
}

/** What is missing, and what is too much, of a set of names. */
export function compareSets(actual: Iterable<string>, desired: Iterable<string>, words: { missing: string; extra: string }): string[] {
  const [found, wanted] = [new Set(actual), new Set(desired)];
  return [
    ...[...wanted].filter((name) => !found.has(name)).map((name) => `${name} ${words.missing}`),
    ...[...found].filter((name) => !wanted.has(name)).map((name) => `${name} ${words.extra}`),
  ].sort();
}

function display(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}
