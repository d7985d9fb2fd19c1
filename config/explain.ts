import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import type { Problem } from "./errors";
import { formatPath, type Path, valueAt } from "./paths";
import { schema } from "./schema";
import { UNSUPPORTED_KEYS } from "./unsupported-keys";

export type Issue = z.core.$ZodIssue;

/** What zod found wrong with the input, in the words of the schema. */
export function explain(issue: Issue, input: unknown): Problem[] {
  const where = formatPath(issue.path);
  const given = valueAt(input, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys((schemaAt(issue.path) as z.ZodObject | undefined)?.shape ?? {});
    return issue.keys.map((key) => {
      const path = formatPath([...issue.path, key]);
      const answer = UNSUPPORTED_KEYS[path] ?? { why: "is not a key that exists", instead: nearest(key, known) };
      return { where: path, given: valueAt(given, [key]), ...answer };
    });
  }
  const { expected = "a value of another kind", source } = metaOf(issue.path);
  const why = given === undefined ? "is missing, and no preset can know it" : `is not ${expected.replace(/, e\.g\..*/, "")}`;
  return [{ where, ...(given === undefined ? {} : { given }), why, instead: expected, ...(source ? { source } : {}) }];
}

/** The known word that is most like the given one, and all of them. */
export function nearest(word: string, known: readonly string[]): string {
  return known.length === 0 ? "remove it" : `did you mean ${closest(word, [...known])}? The keys here are: ${[...known].sort().join(", ")}`;
}

/** The nearest description upwards of the path: an item of a list is explained by the list where it has no words. */
function metaOf(path: Path): { expected?: string | undefined; source?: string | undefined } {
  for (let length = path.length; length > 0; length--) {
    const meta = withoutOptional(schemaAt(path.slice(0, length)))?.meta();
    if (meta?.expected) return meta;
  }
  return {};
}

function schemaAt(path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((current, key) => {
    const inner = withoutOptional(current);
    if (inner?.def.type === "object") return (inner as z.ZodObject).shape[String(key)] as z.ZodType | undefined;
    if (inner?.def.type === "array") return (inner as z.ZodArray<z.ZodType>).element;
    if (inner?.def.type === "record") return (inner as z.ZodRecord<z.ZodString, z.ZodType>).valueType;
    return undefined;
  }, schema);
}

function withoutOptional(type: z.ZodType | undefined): z.ZodType | undefined {
  return type?.def.type === "optional" ? (type as z.ZodOptional<z.ZodType>).unwrap() : type;
}
