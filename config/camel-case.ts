/** Terraform writes `snake_case`, TypeScript `camelCase`: keys become camelCase here, once. */

type CamelKey<Key extends string> = Key extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : Key;

/** The same data with camelCase keys. Maps with keys of the user (tags, environment variables) are unchanged. */
export type Camel<Value> = Value extends readonly (infer Item)[]
  ? readonly Camel<Item>[]
  : Value extends object
    ? string extends keyof Value
      ? Readonly<Record<string, Camel<Value[keyof Value]>>>
      : { readonly [Key in keyof Value & string as CamelKey<Key>]: Camel<Value[Key]> }
    : Value;

/** @param userKeyed keys whose values are maps with keys of the user, which are not converted */
export function toCamelCase<Value>(value: Value, userKeyed: readonly string[]): Camel<Value> {
  const convert = (item: unknown): unknown => {
    if (Array.isArray(item)) return Object.freeze(item.map(convert));
    if (item === null || typeof item !== "object") return item;
    const entries = Object.entries(item).map(
      ([key, inner]) => [rename(key), userKeyed.includes(key) ? Object.freeze({ ...(inner as object) }) : convert(inner)] as const,
    );
    return Object.freeze(Object.fromEntries(entries));
  };
  return convert(value) as Camel<Value>;
}

function rename(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
