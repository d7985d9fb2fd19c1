import type { Values } from "./values";

/** What Terraform itself evaluates after an apply, or leaves as it is. */
export const NOT_EVALUATED = ["lifecycle", "provisioner", "connection", "depends_on", "count", "for_each", "//"];

/** A JSON text, read once. */
interface Document {
  /** The text as `JSON.stringify` writes it. */
  readonly normalized: string;
  /** The strings in it that have expressions. */
  readonly templates: readonly string[];
}

/** More documents than an environment has: those of a program that reads many of them one after the other are dropped. */
const MOST_DOCUMENTS = 2000;

const ofBodies = new WeakMap<Values, readonly string[] | undefined>();
const documents = new Map<string, Document | undefined>();

/**
 * The texts in the arguments of a resource that have expressions. If each of them stays as it is, so do the arguments. Undefined
 * with `dynamic` blocks.
 */
export function templatesOf(body: Values): readonly string[] | undefined {
  if (!ofBodies.has(body)) {
    const found: string[] = [];
    ofBodies.set(body, collect(body, found, NOT_EVALUATED, "dynamic") ? found : undefined);
  }
  return ofBodies.get(body);
}

/** A text that is JSON, with the strings in it that have expressions. Undefined for another text. */
export function documentOf(text: string): Document | undefined {
  if (!documents.has(text)) {
    if (documents.size >= MOST_DOCUMENTS) documents.clear();
    documents.set(text, read(text));
  }
  return documents.get(text);
}

function read(text: string): Document | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const templates: string[] = [];
    collect(value, templates);
    return { normalized: JSON.stringify(value), templates };
  } catch {
    return undefined;
  }
}

/** @returns false if a key ends the search */
function collect(value: unknown, found: string[], leftOut: readonly string[] = [], end?: string): boolean {
  if (typeof value === "string") {
    if (value.includes("${")) found.push(value);
    return true;
  }
  if (Array.isArray(value)) return value.every((item) => collect(item, found, leftOut, end));
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, item]) => key !== end && (leftOut.includes(key) || collect(item, found, leftOut, end)));
}
