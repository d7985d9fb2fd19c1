/** A reference to a resource, or to one of its instances. */
export interface Reference {
  /** `aws_subnet.private[0]`, or `module.vpc.data.aws_region.here` */
  readonly address: string;
  /** The address without the key of an instance. */
  readonly resource: string;
  /** What follows: `id`, or `route[0].cidr_block`. Empty for the whole resource. */
  readonly path: string;
}

const KEY = String.raw`\[(?:\d+|"(?:[^"\\]|\\.)*")\]`;
const RESOURCE = String.raw`(?:module\.[\w-]+(?:${KEY})?\.)*(?:data\.)?[a-z][a-z0-9_]*\.[\w-]+`;
const REFERENCE = new RegExp(String.raw`^\s*(${RESOURCE})(${KEY})?((?:\.[\w-]+|\.\*|${KEY}|\[\*\])*)\s*$`);
/** A value that is one reference and nothing else: `${aws_subnet.a.id}`. Terraform 0.11 and JSON write it in this form. */
const WHOLE = /^\$\{([^{}]*)\}$/;

/** Reads a reference, without `${` and `}`. Undefined for every other expression. */
export function readReference(text: string): Reference | undefined {
  const [, resource, key = "", path = ""] = REFERENCE.exec(text) ?? [];
  return resource === undefined ? undefined : { address: `${resource}${key}`, resource, path: path.replace(/^\./, "") };
}

/** The reference that a value is. Undefined for a literal, and for an expression of several parts. */
export function referenceIn(value: unknown): Reference | undefined {
  const text = typeof value === "string" ? WHOLE.exec(value)?.[1] : undefined;
  return text === undefined ? undefined : readReference(text);
}

/** The address of a resource. A name may be a whole address: that of a resource in a module. */
export function addressOf(type: string, name: string): string {
  return /^[\w-]+(?:\[|$)/.test(name) ? `${type}.${name}` : name;
}
