import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import type { Problem } from "./errors";
import { formatPath, type Path, valueAt } from "./paths";
import { inlineHcl } from "./example/format-hcl";
import { schema } from "./schema";
import { describedBy, entryOf, keysOf } from "./schema/inspect";
import { presentName, UNSUPPORTED_KEYS } from "./unsupported-keys";

export type Issue = z.core.$ZodIssue;

/** Translates an issue of zod to problems, with the metadata of the schema. */
export function explain(issue: Issue, input: unknown): Problem[] {
  const where = formatPath(issue.path);
  const given = valueAt(input, issue.path);
  if (issue.code === "unrecognized_keys") {
    const table = schemaAt(issue.path);
    const known = table ? Object.keys(keysOf(table)) : [];
    return issue.keys.map((key) => {
      const path = formatPath([...issue.path, key]);
      const answer = UNSUPPORTED_KEYS[path] ?? { why: "is not a supported key", instead: suggest(presentName(path) ?? key, known) };
      return { where: path, given: valueAt(given, [key]), ...answer };
    });
  }
  if (isUnquoted(issue, given))
    return [
      {
        where,
        given,
        why: `is a ${typeof given}, where a text is needed`,
        instead: `the text in quotes: ${JSON.stringify(String(given))}`,
      },
    ];
  const {
    expected = "a value of the type that terraform.tfvars.example shows",
    source,
    example,
    about,
  } = nearestDescription(
    // The table describes the names of its entries.
    issue.code === "invalid_key" ? issue.path.slice(0, -1) : issue.path,
  );
  const why = given === undefined ? "is missing, and presets have no default for it" : `is not ${expected}`;
  const instead = `${expected}${example === undefined ? "" : `, e.g. ${inlineHcl(example)}`}${about === undefined ? "" : `. ${about}`}`;
  return [{ where, ...(given === undefined ? {} : { given }), why, instead, ...(source ? { source } : {}) }];
}

/** Whether a text lacks its quotes, in a place that has no description of its own: an environment variable. */
function isUnquoted(issue: Issue, given: unknown): boolean {
  const isText = issue.code === "invalid_type" && issue.expected === "string" && (typeof given === "number" || typeof given === "boolean");
  const type = schemaAt(issue.path);
  return isText && type !== undefined && describedBy(type).expected === undefined;
}

/** The known word that is most similar to the given one, and the list of all known words. */
export function suggest(word: string, known: readonly string[]): string {
  return known.length === 0 ? "remove it" : `did you mean ${closest(word, [...known])}? Supported keys: ${[...known].sort().join(", ")}`;
}

/** The metadata of the nearest part of the path that has any: a list describes its entries that have no description. */
function nearestDescription(path: Path): z.core.GlobalMeta {
  for (let length = path.length; length > 0; length--) {
    const type = schemaAt(path.slice(0, length));
    if (type && describedBy(type).expected !== undefined) return describedBy(type);
  }
  return {};
}

function schemaAt(path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((type, key) => type && (keysOf(type)[String(key)] ?? entryOf(type)), schema);
}
