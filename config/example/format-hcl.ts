/** Longest line of the example. */
export const WIDTH = 120;

/** A value on one line: `{ min_acu = 2, max_acu = 32 }`. */
export function inlineHcl(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineHcl).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? "{}" : `{ ${entries.map(([key, inner]) => `${key} = ${inlineHcl(inner)}`).join(", ")} }`;
}

/**
 * A value on one line where that leaves room, else on several.
 * @param indent of the line on which it begins
 * @param before what is on that line already, in characters
 */
export function formatHcl(value: unknown, indent: string, before: number): string {
  const inline = inlineHcl(value);
  if (typeof value !== "object" || value === null || indent.length + before + inline.length < WIDTH) return inline;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return ["[", ...value.map((item) => `${inner}${formatItem(item, inner)},`), `${indent}]`].join("\n");
  return ["{", ...formatEntries(value, inner), `${indent}}`].join("\n");
}

/** Tables in a list of several lines have a line for each key. */
function formatItem(item: unknown, indent: string): string {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return inlineHcl(item);
  return ["{", ...formatEntries(item, `${indent}  `), `${indent}}`].join("\n");
}

/** `key = value` lines with their `=` below each other. */
function formatEntries(table: object, indent: string): string[] {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined);
  const longest = Math.max(...entries.map(([key]) => key.length));
  return entries.map(([key, value]) => `${indent}${key.padEnd(longest)} = ${formatHcl(value, indent, longest + 3)}`);
}
