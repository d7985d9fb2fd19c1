// Terraform JSON without the comments of CDKTF, for everyone who continues without it.

/** The JSON without the keys `//`, which Terraform ignores: the only ones that CDKTF adds. */
export function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, part]) => [key, withoutComments(part)]),
  );
}

/** Every string in a JSON value, with the keys on the way to it. */
export function strings(value: unknown, path: readonly string[] = []): { readonly path: readonly string[]; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => strings(part, [...path, key]));
}
