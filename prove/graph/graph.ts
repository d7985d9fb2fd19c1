/** A resource of one stack of Terraform JSON. */
export interface Resource {
  /** `aws_subnet.public-a` */
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Terraform JSON of one stack, as `cdktf synth` writes it, or as a person writes it. */
export interface TerraformJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly locals?: Readonly<Record<string, unknown>>;
}

/** A value that is one reference and nothing else: `${aws_subnet.a.id}`. Terraform 0.11 and JSON write it in this form. */
const REFERENCE = /^\$\{([a-z][a-z0-9_]*\.[\w-]+)(?:\.[\w.[\]"]+)?\}$/;
const LOCAL = /^\$\{local\.([\w-]+)\}$/;

/** The resources of one stack, and the references between them. Types that no claim knows are nodes like all others. */
export class Graph {
  private readonly resources = new Map<string, Resource>();

  /** @param name of the stack, for reports */
  constructor(
    readonly name: string,
    private readonly json: TerraformJson,
  ) {
    for (const [type, all] of Object.entries(json.resource ?? {}))
      for (const [id, values] of Object.entries(all)) this.resources.set(`${type}.${id}`, { address: `${type}.${id}`, type, values });
  }

  all(type: string): readonly Resource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  /** The resource to which a value refers. Undefined for a literal, a data source or an expression of several parts. */
  target(value: unknown): Resource | undefined {
    const resolved = this.resolve(value);
    const address = typeof resolved === "string" ? REFERENCE.exec(resolved)?.[1] : undefined;
    return address === undefined ? undefined : this.resources.get(address);
  }

  /** The resources to which the values of a list refer, with undefined for a value that is no reference. */
  targets(values: unknown): readonly (Resource | undefined)[] {
    return this.list(values).map((value) => this.target(value));
  }

  /** The values of a list, or of a local value that is one. Empty for everything else. */
  list(values: unknown): readonly unknown[] {
    const resolved = this.resolve(values);
    return Array.isArray(resolved) ? resolved : [];
  }

  /** The resources of a type of which an argument refers to a resource, or a list in it does. */
  referring(type: string, argument: string, to: Resource): readonly Resource[] {
    return this.all(type).filter(({ values }) => {
      const value = this.resolve(values[argument]);
      return (Array.isArray(value) ? value : [value]).some((item) => this.target(item)?.address === to.address);
    });
  }

  /** A value in the place of a reference to a local value. */
  private resolve(value: unknown): unknown {
    const name = typeof value === "string" ? LOCAL.exec(value)?.[1] : undefined;
    return name === undefined ? value : this.json.locals?.[name];
  }
}

/** The blocks of an argument, whether it is one block or a list. */
export function blocks(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as readonly Readonly<Record<string, unknown>>[];
}

/** A value as text: a string, a number or a flag. Undefined for everything else. */
export function text(value: unknown): string | undefined {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}
