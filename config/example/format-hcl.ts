/** Maximum line length of the example. */
export const WIDTH = 120;

/** Formats a value on one line: `{ min_acu = 2, max_acu = 32 }`. */
export function inlineHcl(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineHcl).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? "{}" : `{ ${entries.map(([key, inner]) => `${formatKey(key)} = ${inlineHcl(inner)}`).join(", ")} }`;
}

/** A key as HCL reads it: in quotes, unless it is an identifier. */
function formatKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? key : JSON.stringify(key);
}

/**
 * Formats a value on one line if it fits, else on several.
 * @param indent indentation of the first line
 * @param before characters before the value on the first line
 */
export function formatHcl(value: unknown, indent: string, before: number): string {
  const inline = inlineHcl(value);
  if (typeof value !== "object" || value === null || indent.length + before + inline.length < WIDTH) return inline;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return ["[", ...value.map((item) => `${inner}${formatItem(item, inner)},`), `${indent}]`].join("\n");
  return ["{", ...formatEntries(value, inner), `${indent}}`].join("\n");
}

/** Formats an item of a list on several lines. A table has one line for each key. */
function formatItem(item: unknown, indent: string): string {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return inlineHcl(item);
  return ["{", ...formatEntries(item, `${indent}  `), `${indent}}`].join("\n");
}

/** Formats `key = value` lines with aligned `=`. */
function formatEntries(table: object, indent: string): string[] {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined);
  const longest = Math.max(...entries.map(([key]) => formatKey(key).length));
  return entries.map(([key, value]) => `${indent}${formatKey(key).padEnd(longest)} = ${formatHcl(value, indent, longest + 3)}`);
}
