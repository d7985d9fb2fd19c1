import { Evaluator } from "./evaluator";
import { readExpression } from "./expression";
import { normalized } from "./merge";
import { arnOf, idOf, type Place } from "./names";
import { policyOf } from "./policy-document";
import { addressOf, readReference, referenceIn } from "./references";
import type { ByType, TerraformJson } from "./terraform-json";
import { blocks, type Resource, text } from "./values";

export type { TerraformJson };

const WHOLE = /^\$\{(.*)\}$/s;
const DEEPEST = 8;

/** The resources of one stack, and the references between them. Types that no claim knows are nodes like all others. */
export class Graph implements Place {
  private readonly resources = new Map<string, Resource>();
  private readonly types = new Map<string, Resource[]>();
  /** By type and argument: the resources that refer to an address. */
  private readonly referrers = new Map<string, ReadonlyMap<string, readonly Resource[]>>();
  private readonly evaluator: Evaluator;
  /** In the form in which each block is in an object by its labels. */
  readonly json: TerraformJson;
  /** Region of the provider without an alias. */
  readonly region: string | undefined;
  /** Account that the provider allows, if it is one. */
  readonly account: string | undefined;

  /** @param name of the stack, for reports */
  constructor(
    readonly name: string,
    json: TerraformJson,
  ) {
    this.json = normalized(json);
    this.evaluator = new Evaluator(this.json, (path) => this.attribute(path, 0));
    const provider = blocks(this.json.provider?.["aws"]).find(({ alias }) => alias === undefined) ?? {};
    const [account, ...others] = this.list(provider["allowed_account_ids"]).map((id) => this.text(id));
    this.region = this.text(provider["region"]);
    this.account = others.length === 0 ? account : undefined;
    this.add("", this.json.resource);
    this.add("data.", this.json.data);
  }

  private add(prefix: string, all: ByType = {}): void {
    for (const [name, byId] of Object.entries(all)) {
      const type = `${prefix}${name}`;
      const resources = Object.keys(byId).flatMap((id) => this.evaluator.resources(addressOf(type, id), type));
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
    const reference = referenceIn(resolved);
    // A resource whose number of instances is unknown is one.
    return reference && (this.resources.get(reference.address) ?? this.resources.get(reference.resource));
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
    const key = `${type}.${argument}`;
    const index = this.referrers.get(key) ?? this.indexOf(type, argument);
    this.referrers.set(key, index);
    return index.get(to.address) ?? [];
  }

  private indexOf(type: string, argument: string): ReadonlyMap<string, readonly Resource[]> {
    const index = new Map<string, Resource[]>();
    for (const resource of this.all(type)) {
      const value = this.resolve(resource.values[argument]);
      const targets = (Array.isArray(value) ? value : [value]).flatMap((item) => this.target(item)?.address ?? []);
      for (const address of new Set(targets)) index.set(address, [...(index.get(address) ?? []), resource]);
    }
    return index;
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
    // JSON is read before its expressions, which may have quotes of their own.
    const written = typeof value === "string" && !WHOLE.test(value) ? parsed(value) : undefined;
    if (written !== undefined) return this.expand(written);
    const expression = WHOLE.exec(resolved)?.[1];
    try {
      const read = expression === undefined ? (JSON.parse(resolved) as unknown) : readExpression(expression);
      const found = this.expand(read);
      // An expression that cannot be read is no document.
      return typeof found === "string" && WHOLE.test(found) ? undefined : found;
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

  /** A value with what the JSON decides of its expressions: local values, variables with a default, functions. */
  private resolve(value: unknown): unknown {
    return typeof value === "string" && value.includes("${") ? this.evaluator.value(value) : value;
  }

  /** What a reference in a text stands for. */
  private attribute(path: string, depth: number): string | undefined {
    const { address = "", resource: whole = "", path: name = "" } = readReference(path) ?? {};
    if (/^(local|var)\./.test(address)) return name === "" ? this.known(`\${${address}}`, depth) : undefined;
    const resource = this.resources.get(address) ?? this.resources.get(whole);
    const argument = (of: string): string | undefined => resource && this.known(resource.values[of], depth);
    const found = argument(name);
    if (found !== undefined) return found;
    if (/\bdata\.aws_caller_identity\./.test(whole)) return this.account;
    if (/\bdata\.aws_region\./.test(whole)) return this.region;
    if (/\bdata\.aws_partition\./.test(whole)) return "aws";
    return resource && (name === "arn" ? arnOf : name === "id" ? idOf : () => undefined)(resource, argument, this.placeOf(resource));
  }

  /** A text that is not itself an unresolved reference. */
  private known(value: unknown, depth: number): string | undefined {
    const found = this.text(value, depth);
    return found !== undefined && WHOLE.test(found) ? undefined : found;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
