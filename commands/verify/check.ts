import { documentOf } from "../../config/presets";

/** A requirement on a live environment, and how to verify it. */
export type Check<Scope> = BaseCheck<Scope> & (ByDocument | ByOption);

interface BaseCheck<Scope> {
  /** What must be true, as one sentence. A literal, because docs/requirements.md cites it. */
  readonly requirement: string;
  /** Whether the configuration requires it. @default - always */
  readonly appliesTo?: (live: Scope) => boolean;
  /** What contradicts it: one fragment each, with the resource and what is wrong. Empty when the check passes. */
  readonly violations: (live: Scope) => Promise<readonly string[]>;
  /** Information that is not a violation, reported when the check passes. @default - none */
  readonly notes?: (live: Scope) => Promise<readonly string[]>;
}

/** A requirement of the documents in docs/requirements.md. */
interface ByDocument {
  /** Rows of docs/requirements.md, e.g. `S000-1.1`. The citations on that page are generated from them. */
  readonly requirementIds: readonly [string, ...string[]];
}

/** An option that no document requires. */
interface ByOption {
  readonly requirementIds: readonly [];
  /** Key of `terraform.tfvars` that enables it, e.g. `dns.apex`. */
  readonly option: string;
}

export interface Result {
  /** The region, or `failover` for the global and the failover stack. */
  readonly region: string;
  readonly requirement: string;
  /** Rows of docs/requirements.md, limited to the document of the preset. */
  readonly requirementIds: readonly string[];
  /** `unknown`: a call to AWS failed. */
  readonly result: "pass" | "fail" | "unknown";
  /** What contradicts the requirement; for `unknown`, the error of AWS. */
  readonly violations: readonly string[];
  readonly notes: readonly string[];
}

/** A required resource does not exist. Reported as a violation, wherever it is thrown. */
export class Missing extends Error {}

/** Runs every check that applies to the configuration, in parallel. */
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
 * The violations of one resource. A resource that does not exist is a violation, and does not stop the check of others.
 * @param name of the resource, which prefixes each violation
 */
export async function checkResource(name: string, violations: () => Promise<readonly string[]>): Promise<string[]> {
  return (await withMissing(violations)).map((violation) => (violation.startsWith(name) ? violation : `${name}: ${violation}`));
}

/** The violations of all items, checked in parallel. */
export async function checkEach<Item>(items: readonly Item[], violations: (item: Item) => Promise<readonly string[]>): Promise<string[]> {
  return (await Promise.all(items.map(violations))).flat();
}

/** The violations, with a resource that does not exist as one of them. */
async function withMissing(violations: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await violations();
  } catch (error) {
    if (error instanceof Missing || isNotFound(error)) return [errorText(error)];
    throw error;
  }
}

/** AWS services have no common error name for a resource that does not exist. */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && /NotFound|NoSuch|DoesNotExist|NonExistent/.test(error.name);
}

function errorText(error: unknown): string {
  if (error instanceof Missing || !(error instanceof Error)) return error instanceof Error ? error.message : String(error);
  return `${error.name}: ${error.message}`.replace(/\s+/g, " ");
}

/** One violation for each setting that differs: `interval is 30, not 5`. */
export function differences(settings: Readonly<Record<string, readonly [actual: unknown, desired: unknown]>>): string[] {
  return Object.entries(settings)
    .filter(([, [actual, desired]]) => display(actual) !== display(desired))
    .map(([name, [actual, desired]]) => `${name} is ${display(actual)}, not ${display(desired)}`);
}

/** One violation for each missing name, and one for each additional name. */
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
