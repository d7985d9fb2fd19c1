import { readExpression } from "./expression";
import { arnOf, idOf, type Place } from "./names";
import { policyOf } from "./policy-document";
import { block, blocks, type Resource, text, type Values } from "./values";

type ByType = Readonly<Record<string, Readonly<Record<string, Values>>>>;

/** Terraform JSON of one stack, as `cdktf synth` writes it, or as a person writes it. */
export interface TerraformJson {
  readonly resource?: ByType;
  readonly data?: ByType;
  readonly locals?: Values;
  readonly variable?: Readonly<Record<string, Values>>;
  readonly provider?: Values;
  readonly terraform?: Values;
  readonly output?: Readonly<Record<string, Values>>;
}

/** A value that is one reference and nothing else: `${aws_subnet.a.id}`. Terraform 0.11 and JSON write it in this form. */
const REFERENCE = /^\$\{((?:data\.)?[a-z][a-z0-9_]*\.[\w-]+)(?:\.[\w.[\]"]+)?\}$/;
const WHOLE = /^\$\{(.*)\}$/s;
const DEEPEST = 8;

/** The resources of one stack, and the references between them. Types that no claim knows are nodes like all others. */
export class Graph implements Place {
  private readonly resources = new Map<string, Resource>();
  private readonly types = new Map<string, Resource[]>();
  /** Region of the provider without an alias. */
  readonly region: string | undefined;
  /** Account that the provider allows, if it is one. */
  readonly account: string | undefined;

  /** @param name of the stack, for reports */
  constructor(
    readonly name: string,
    readonly json: TerraformJson,
  ) {
    this.add("", json.resource);
    this.add("data.", json.data);
    const provider = blocks(json.provider?.["aws"]).find(({ alias }) => alias === undefined) ?? {};
    const [account, ...others] = this.list(provider["allowed_account_ids"]).map((id) => this.text(id));
    this.region = this.text(provider["region"]);
    this.account = others.length === 0 ? account : undefined;
  }

  private add(prefix: string, all: ByType = {}): void {
    for (const [name, byId] of Object.entries(all)) {
      const type = `${prefix}${name}`;
      const resources = Object.entries(byId).map(([id, values]) => ({ address: `${type}.${id}`, type, values }));
      this.types.set(type, resources);
      for (const resource of resources) this.resources.set(resource.address, resource);
    }
  }

  /** Every resource of a type. @default - every resource and data source */
  all(type?: string): readonly Resource[] {
    return type === undefined ? [...this.resources.values()] : (this.types.get(type) ?? []);
  }

  /** The resource to which a value refers. Undefined for a literal or an expression of several parts. */
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

  /**
   * A value as text, with each reference in the place of what it is: a name, an ARN, the default of a variable. What is unknown before an
   * apply stays a reference. Undefined for a list, an object and nothing.
   */
  text(value: unknown, depth = 0): string | undefined {
    const resolved = text(this.resolve(value));
    if (resolved === undefined || depth > DEEPEST) return resolved;
    return resolved.replaceAll(/\$\{([^{}]+)\}/g, (whole, path: string) => this.attribute(path, depth + 1) ?? whole);
  }

  /** The ARN of a resource. Undefined if it is unknown before an apply. */
  arn(resource: Resource): string | undefined {
    return arnOf(resource, (name) => this.text(resource.values[name]), this.placeOf(resource));
  }

  /** Region and account of the provider of a resource: `provider = aws.eu-west-1` names another one than that of the stack. */
  placeOf({ values }: Resource): Place {
    const alias = /\.([\w-]+)\}?$/.exec(text(values["provider"]) ?? "")?.[1];
    const provider = alias === undefined ? undefined : blocks(this.json.provider?.["aws"]).find((one) => one["alias"] === alias);
    return provider ? { region: this.text(provider["region"]), account: this.account } : this;
  }

  /**
   * A document in an argument: a policy, a state machine, definitions of containers. It is JSON, an expression that makes JSON, or a
   * reference to an `aws_iam_policy_document`. References in it stay. Undefined if it is something else.
   */
  document(value: unknown): unknown {
    const resolved = this.resolve(value);
    const data = this.target(resolved);
    if (data?.type === "data.aws_iam_policy_document") return policyOf(data.values, (value) => this.list(value));
    if (typeof resolved !== "string") return resolved;
    const expression = WHOLE.exec(resolved)?.[1];
    try {
      return this.expand(expression === undefined ? (JSON.parse(resolved) as unknown) : readExpression(expression));
    } catch {
      return undefined;
    }
  }

  /** A value with its local values, at every depth. */
  private expand(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.expand(item));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.expand(item)]));
    return this.resolve(value);
  }

  /** A value in the place of a reference to a local value or to a variable with a default. */
  private resolve(value: unknown): unknown {
    const [, kind, name = "", key] = typeof value === "string" ? (/^\$\{(local|var)\.([\w-]+)(?:\.([\w-]+))?\}$/.exec(value) ?? []) : [];
    if (kind === undefined) return value;
    const whole = kind === "local" ? this.json.locals?.[name] : this.json.variable?.[name]?.["default"];
    const found = key === undefined ? whole : block(whole)[key];
    const written = typeof found === "string" ? /^\$\{([[{].*)\}$/s.exec(found)?.[1] : undefined;
    return written === undefined ? (found ?? value) : readExpression(written);
  }

  /** What a reference in a text stands for. */
  private attribute(path: string, depth: number): string | undefined {
    const [, address = "", name = ""] = /^((?:data\.)?[\w-]+\.[\w-]+)(?:\.([\w-]+))?$/.exec(path.trim()) ?? [];
    if (/^(local|var)\./.test(address)) return name === "" ? this.known(`\${${address}}`, depth) : undefined;
    if (address.startsWith("data.aws_caller_identity.")) return this.account;
    if (address.startsWith("data.aws_region.")) return this.region;
    if (address.startsWith("data.aws_partition.")) return "aws";
    const resource = this.resources.get(address);
    if (!resource) return undefined;
    const argument = (of: string): string | undefined => this.known(resource.values[of], depth);
    return argument(name) ?? (name === "arn" ? arnOf : name === "id" ? idOf : () => undefined)(resource, argument, this.placeOf(resource));
  }

  /** A text that is not itself an unresolved reference. */
  private known(value: unknown, depth: number): string | undefined {
    const found = this.text(value, depth);
    return found !== undefined && WHOLE.test(found) ? undefined : found;
  }
}
