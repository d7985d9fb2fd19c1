/** A resource as Terraform JSON: its arguments, type and address. */
export type Resource = Readonly<Record<string, unknown>> & { readonly address: string; readonly resourceType: string };

/** All resources of one state. References never leave the state. */
export type Stack = readonly Resource[];

/**
 * The values of an attribute, through lists and blocks: `rule.action` returns the `action` of each `rule`, `undefined` where
 * it is missing.
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

/** A copy with one attribute replaced, or removed by `undefined`; in a list, the attribute of the first item. */
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

/** A copy of the stack with one resource replaced. */
export function changed(stack: Stack, resource: Resource): Stack {
  return stack.map((other) => (other.address === resource.address ? resource : other));
}

/** Whether an attribute refers to a resource. */
export function refersTo(resource: Resource, path: string, other: Resource): boolean {
  return valuesAt(resource, path).some((value) => typeof value === "string" && value.startsWith(`\${${other.address}.`));
}
