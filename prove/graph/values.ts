export type Values = Readonly<Record<string, unknown>>;

/** A resource or a data source of one stack of Terraform JSON. */
export interface Resource {
  /** `aws_subnet.public-a`, or `data.aws_route53_zone.zone` */
  readonly address: string;
  /** `aws_subnet`, or `data.aws_route53_zone` */
  readonly type: string;
  readonly values: Values;
}

/** A value that a plan has, and that never appears. */
export const SENSITIVE = "${sensitive}";

/** The blocks of an argument, whether it is one block or a list. */
export function blocks(value: unknown): readonly Values[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as readonly Values[];
}

/** The first block of an argument. Empty without one. */
export function block(value: unknown): Values {
  return blocks(value)[0] ?? {};
}

/** A value as text: a string, a number or a flag. Undefined for everything else. */
export function text(value: unknown): string | undefined {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}

/** One value or several, as a list. */
export function oneOrMany(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
