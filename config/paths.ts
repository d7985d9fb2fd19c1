/** Paths in a tree of plain data such as `terraform.tfvars`: `regions[0].vpc_cidr`. */
export type Path = readonly PropertyKey[];

/** The value at a path. Undefined if the path does not exist. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, key) => (current as Record<PropertyKey, unknown> | null | undefined)?.[key], tree);
}

/** Sets the value at a path, whose parent must exist. `undefined` removes the key. */
export function setValueAt(tree: unknown, path: Path, value: unknown): void {
  const holder = valueAt(tree, path.slice(0, -1)) as Record<PropertyKey, unknown>;
  const key = path.at(-1) as PropertyKey;
  if (value === undefined) Reflect.deleteProperty(holder, key);
  else holder[key] = structuredClone(value);
}

export function formatPath(path: Path): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/** Whether two formatted paths are the same, or one is a prefix of the other. */
export function pathsOverlap(one: string, other: string): boolean {
  return one === other || [".", "["].some((mark) => one.startsWith(other + mark) || other.startsWith(one + mark));
}

/**
 * Merges one tree into another: objects are merged key by key; other values, including lists, are replaced.
 * @param whole formatted paths of objects that are replaced, not merged
 */
export function mergeTrees(base: unknown, over: unknown, whole: readonly string[] = [], path: Path = []): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(base as object) };
  for (const [key, value] of Object.entries(over as object)) {
    const here = [...path, key];
    const merged = isObject(value) && isObject(result[key]) && !whole.includes(formatPath(here));
    result[key] = merged ? mergeTrees(result[key], value, whole, here) : value;
  }
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
