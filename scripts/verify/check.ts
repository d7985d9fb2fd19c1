import { documentOf } from "../../config/presets";

/** Something that must hold of a live environment. */
export interface Check<Scope> {
  /** What must hold, as a sentence that is true or not; a literal, since docs/requirements.md links to it. */
  readonly requirement: string;
  /** Lines of docs/requirements.md that ask for it: `S000-1.1`. */
  readonly lines: readonly string[];
  /** Whether the configuration asks for it at all. @default - always */
  readonly asked?: (live: Scope) => boolean;
  /** What contradicts it, each a fragment that names the thing and says what is wrong. None when it holds. */
  readonly faults: (live: Scope) => Promise<readonly string[]>;
  /** What is worth knowing and contradicts nothing. @default - nothing */
  readonly remarks?: (live: Scope) => Promise<readonly string[]>;
}

export interface Result {
  /** The region, or `failover` for what joins them. */
  readonly region: string;
  readonly requirement: string;
  /** Lines of the preset's own document. */
  readonly lines: readonly string[];
  /** `unknown`: AWS could not be asked. */
  readonly result: "holds" | "contradicted" | "unknown";
  /** What contradicts it, or why it could not be asked. */
  readonly faults: readonly string[];
  readonly remarks: readonly string[];
}

/** A thing that should exist and does not: a fault, wherever it is noticed. */
export class Missing extends Error {}

/** Asks everything that the configuration asks for, all at once. */
export async function ask<Scope extends { readonly scope: string; readonly preset: string }>(
  live: Scope,
  checks: readonly Check<Scope>[],
): Promise<Result[]> {
  const asked = checks.filter((check) => check.asked?.(live) ?? true);
  return Promise.all(asked.map((check) => answer(live, check)));
}

async function answer<Scope extends { readonly scope: string; readonly preset: string }>(
  live: Scope,
  { requirement, lines, faults, remarks }: Check<Scope>,
): Promise<Result> {
  const document = documentOf(live.preset) ?? "";
  const known = { region: live.scope, requirement, lines: lines.filter((line) => line.startsWith(`${document}-`)) };
  try {
    const found = await orMissing(() => faults(live));
    return {
      ...known,
      result: found.length === 0 ? "holds" : "contradicted",
      faults: found,
      remarks: found.length === 0 ? ((await remarks?.(live)) ?? []) : [],
    };
  } catch (error) {
    return { ...known, result: "unknown", faults: [sentence(error)], remarks: [] };
  }
}

/** The faults of one thing among others: that AWS does not know it is one of them. @param thing its name, in front of each fault */
export async function of(thing: string, faults: () => Promise<readonly string[]>): Promise<string[]> {
  return (await orMissing(faults)).map((fault) => (fault.startsWith(thing) ? fault : `${thing}: ${fault}`));
}

/** The faults of each of several things. */
export async function ofEach<Thing>(things: readonly Thing[], faults: (thing: Thing) => Promise<readonly string[]>): Promise<string[]> {
  return (await Promise.all(things.map(faults))).flat();
}

async function orMissing(faults: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await faults();
  } catch (error) {
    if (error instanceof Missing || isNotFound(error)) return [sentence(error)];
    throw error;
  }
}

/** AWS's services have no common word for what does not exist. */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && /NotFound|NoSuch|DoesNotExist|NonExistent/.test(error.name);
}

function sentence(error: unknown): string {
  if (error instanceof Missing || !(error instanceof Error)) return error instanceof Error ? error.message : String(error);
  return `${error.name}: ${error.message}`.replace(/\s+/g, " ");
}

/** One fault for each setting that is not as it should be: `interval is 30, not 5`. */
export function differences(settings: Readonly<Record<string, readonly [actual: unknown, wanted: unknown]>>): string[] {
  return Object.entries(settings)
    .filter(([, [actual, wanted]]) => show(actual) !== show(wanted))
    .map(([name, [actual, wanted]]) => `${name} is ${show(actual)}, not ${show(wanted)}`);
}

/** What is missing, and what is too much, of a set of names. */
export function compared(actual: Iterable<string>, wanted: Iterable<string>, words: { missing: string; extra: string }): string[] {
  const [there, meant] = [new Set(actual), new Set(wanted)];
  return [
    ...[...meant].filter((name) => !there.has(name)).map((name) => `${name} ${words.missing}`),
    ...[...there].filter((name) => !meant.has(name)).map((name) => `${name} ${words.extra}`),
  ].sort();
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}
