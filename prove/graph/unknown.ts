/** A value that Terraform knows only after an apply, or that is not in the JSON. */
export class Unknown {
  /** @param text as an expression, without `${` and `}` */
  constructor(readonly text: string) {}

  /** Whether it is one value and no list. */
  get isOne(): boolean {
    return /\.(?:id|arn|name)$/.test(this.text);
  }
}

/** A value as JSON: what is unknown is the text `${…}`. */
export function toJson(value: unknown): unknown {
  if (value instanceof Unknown) return `\${${value.text}}`;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/** A value as an expression. */
export function toExpression(value: unknown): string {
  if (value instanceof Unknown) return value.text;
  if (Array.isArray(value)) return `[${value.map(toExpression).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)} = ${toExpression(item)}`)
    .join(", ")}}`;
}
