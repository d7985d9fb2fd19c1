/** A resource as Terraform JSON: its arguments, and where it stands. */
export type Resource = Readonly<Record<string, unknown>> & { readonly address: string; readonly resourceType: string };

/** All resources of one state. What belongs together stands together: nothing refers to another state. */
export type Stack = readonly Resource[];

/**
 * What an attribute says, through lists and blocks: of each `rule` the `action`, for `rule.action`. An attribute that is
 * missing somewhere is `undefined` there.
 */
export function valuesAt(value: unknown, path: string): unknown[] {
  return descend(value, path.split("."));
}

function descend(value: unknown, keys: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => descend(item, keys));
  const [key, ...others] = keys;
  if (key === undefined) return [value];
  return descend((value as Record<string, unknown> | undefined)?.[key], others);
}

/** A copy with an attribute changed, or removed by `undefined`; in a list, that of the first item. */
export function withValue<Value>(value: Value, path: string, replacement: unknown): Value {
  return replace(value, path.split("."), replacement) as Value;
}

function replace(value: unknown, keys: readonly string[], replacement: unknown): unknown {
  const [key, ...others] = keys;
  if (key === undefined) return replacement;
  if (Array.isArray(value)) return [replace(value[0], keys, replacement), ...(value as unknown[]).slice(1)];
  const object = (value ?? {}) as Record<string, unknown>;
  return { ...object, [key]: replace(object[key], others, replacement) };
}

/** The stack with one resource changed. */
export function changed(stack: Stack, resource: Resource): Stack {
  return stack.map((other) => (other.address === resource.address ? resource : other));
}

/** Whether an attribute refers to a resource. */
export function refersTo(resource: Resource, path: string, other: Resource): boolean {
  return valuesAt(resource, path).some((value) => typeof value === "string" && value.startsWith(`\${${other.address}.`));
}
