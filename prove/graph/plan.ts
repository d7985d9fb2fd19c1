import { withVariables } from "./merge";
import type { Leaf, ModuleValues, PlanJson, ResourceConfiguration, ResourceValues } from "./plan-json";
import { drop, isEmpty, isLeaf, matching, part } from "./plan-parts";
import { type Place, PlanReferences, type Target } from "./plan-references";
import type { TerraformJson } from "./terraform-json";
import { blocks, SENSITIVE, type Values } from "./values";

/** What is known of one value of a resource. */
interface Known {
  readonly unknown: unknown;
  readonly sensitive: unknown;
  /** Its expression in the plan's configuration. */
  readonly expression: unknown;
  /** Its expression in the Terraform JSON of the same stack. */
  readonly source: unknown;
}

/** Arguments of one value of which a reference is only a part. */
const DOCUMENT = /(?:policy|(?<!task_)definitions?|template|body|pattern|user_data\w*|document|content|message|json|input)$/;
/** Attributes that name a resource. Others, such as an engine, say more as they are. */
const IDENTITY = /(?:^|_)(?:id|arn|name|identifier|bucket|url|endpoint|json)$/;
/** Arguments of a provider that are secrets, though Terraform does not say so. */
const SECRETS = ["access_key", "secret_key", "token"];
/** What looks like an id of AWS, and is therefore one resource's. */
const AWS_ID = /^(?:arn:.*|[a-z]+-[0-9a-f]{8}(?:[0-9a-f]{9})?)$/;
const SINGULAR = /(?:ss|us|is|dns|alias|https)$/;

/**
 * A plan or a state as the Terraform JSON that a graph takes: instances and resources of modules are resources of their own. Known values
 * stay, except where they are an attribute of another resource: a reference says more. Unknown values are references.
 * @param source Terraform JSON of the same stack, whose expressions are in the place of unknown values. @default - only the references
 */
export function fromPlan(plan: PlanJson, source: TerraformJson = {}): TerraformJson {
  return new PlanReader(plan, source).json();
}

class PlanReader {
  private readonly resources: readonly (readonly [module: string, resource: ResourceValues])[];
  private readonly references: PlanReferences;
  private readonly ids = new Map<unknown, ResourceValues[]>();
  private readonly changes: ReadonlyMap<string, { readonly after_unknown?: unknown; readonly after_sensitive?: unknown }>;

  constructor(
    private readonly plan: PlanJson,
    private readonly source: TerraformJson,
  ) {
    const planned = inModules((plan.planned_values ?? plan.values)?.root_module);
    const addresses = new Set(planned.map(([, { address }]) => address));
    const read = inModules(plan.prior_state?.values?.root_module).filter(
      ([, { mode, address }]) => mode === "data" && !addresses.has(address),
    );
    this.resources = [...planned, ...read];
    this.references = new PlanReferences(plan, this.resources);
    this.changes = new Map(
      (plan.resource_changes ?? []).filter(({ deposed }) => deposed === undefined).map(({ address, change }) => [address, change]),
    );
    for (const [, resource] of this.resources)
      for (const id of new Set([resource.values?.["id"], resource.values?.["arn"]]))
        if (typeof id === "string" && AWS_ID.test(id)) this.ids.set(id, [...(this.ids.get(id) ?? []), resource]);
  }

  json(): TerraformJson {
    const found: { resource: Record<string, Record<string, Values>>; data: Record<string, Record<string, Values>> } = {
      resource: {},
      data: {},
    };
    for (const [module, resource] of this.resources) {
      const { mode, type, name, index, address } = resource;
      const key = module === "" ? `${name}${index === undefined ? "" : `[${JSON.stringify(index)}]`}` : address;
      ((mode === "data" ? found.data : found.resource)[type] ??= {})[key] = this.body(module, resource);
    }
    // What modules make is in the plan.
    const source = without(withVariables(this.source, this.variables()) as Values, ["module"]);
    // Data sources that the plan does not have are as they are written.
    for (const [type, all] of Object.entries(this.source.data ?? {})) found.data[type] = { ...all, ...found.data[type] };
    return { ...source, ...found, provider: this.provider() };
  }

  /** Values of variables. Sensitive ones are left out. */
  private variables(): Values {
    const declared = this.plan.configuration?.root_module?.variables ?? {};
    return Object.fromEntries(
      Object.entries(this.plan.variables ?? {}).flatMap(([name, { value }]) => (declared[name]?.sensitive ? [] : [[name, value] as const])),
    );
  }

  private provider(): Values {
    const variables = this.variables();
    const plain = (expression: unknown): unknown => {
      if (Array.isArray(expression)) return expression.map(plain);
      if (typeof expression !== "object" || expression === null) return undefined;
      const { constant_value: constant, references = [] } = expression as Leaf;
      if (constant !== undefined) return constant;
      const [, name] = /^var\.([\w-]+)$/.exec(references[0] ?? "") ?? [];
      if ("references" in expression) return references.length === 1 && name !== undefined ? variables[name] : undefined;
      return Object.fromEntries(Object.entries(expression).map(([key, value]) => [key, plain(value)]));
    };
    const providers: Record<string, unknown[]> = {};
    for (const { name, alias, module_address: module, expressions } of Object.values(this.plan.configuration?.provider_config ?? {}))
      if (module === undefined) (providers[name] ??= []).push(drop({ alias, ...(plain(without(expressions ?? {}, SECRETS)) as Values) }));
    return { ...this.source.provider, ...providers };
  }

  private body(module: string, resource: ResourceValues): Values {
    const configuration = this.references.resource(module, resource);
    const { values = {}, address, mode, type, name, index } = resource;
    const change = this.changes.get(address);
    const bodies = mode === "data" ? this.source.data : this.source.resource;
    const source = module === "" && index === undefined ? bodies?.[type]?.[name] : undefined;
    const place = { module, key: index, each: configuration?.for_each_expression };
    const sensitive = [resource.sensitive_values, change?.after_sensitive];
    const unknown = (change?.after_unknown ?? {}) as Values;
    const body: Record<string, unknown> = {};
    for (const argument of new Set([...Object.keys(values), ...Object.keys(unknown)])) {
      const hidden = sensitive.map((one) => part(one, argument)).find((one) => one !== undefined && one !== false && !isEmpty(one));
      const known = {
        unknown: unknown[argument],
        sensitive: hidden,
        expression: configuration?.expressions?.[argument],
        source: source?.[argument],
      };
      body[argument] = this.value(argument, values[argument], known, place, resource);
    }
    return drop({ ...meta(source), ...provider(configuration), ...body });
  }

  private value(argument: string, value: unknown, known: Known, place: Place, owner: ResourceValues): unknown {
    if (known.sensitive === true) return known.unknown === true || (value ?? "") !== "" ? (known.source ?? SENSITIVE) : undefined;
    if (known.unknown === true) return this.unknown(argument, known, place);
    // A plan has an empty list for each kind of block that there is none of.
    if (isEmptyList(value) && !known.unknown && known.expression === undefined && known.source === undefined) return undefined;
    if (Array.isArray(value) || Array.isArray(known.unknown)) return this.list(argument, value, known, place, owner);
    if (typeof value === "object" || typeof known.unknown === "object") {
      const [object, unknown] = [(value ?? {}) as Values, (known.unknown ?? {}) as Values];
      const entries = [...new Set([...Object.keys(object), ...Object.keys(unknown)])].map((key) => {
        const inner = {
          unknown: unknown[key],
          sensitive: part(known.sensitive, key),
          expression: isLeaf(known.expression) ? known.expression : part(known.expression, key),
          source: part(known.source, key),
        };
        return [key, this.value(key, object[key], inner, place, owner)] as const;
      });
      const found = Object.fromEntries(entries);
      return entries.length === 0 && (value ?? undefined) === undefined ? undefined : drop(found);
    }
    return typeof value === "string" ? this.text(argument, value, known, place, owner) : value;
  }

  private list(argument: string, value: unknown, known: Known, place: Place, owner: ResourceValues): unknown {
    const values = Array.isArray(value) ? (value as unknown[]) : [];
    const unknown = Array.isArray(known.unknown) ? (known.unknown as unknown[]) : [];
    const length = Math.max(values.length, unknown.length);
    const targets = isLeaf(known.expression) ? this.references.targets(known.expression, place) : [];
    const sources = typeof known.source === "string" ? known.source : blocks(known.source);
    // A list that is one expression is that expression, or the list of its references.
    if (typeof sources === "string" && unknown.includes(true)) return sources;
    return Array.from({ length }, (_, index) => {
      if (unknown[index] === true && targets.length > 1)
        return targets.length === length ? reference(targets[index], argument) : targets.map((target) => reference(target, argument));
      const inner = {
        unknown: unknown[index],
        sensitive: part(known.sensitive, index),
        expression: isLeaf(known.expression) ? known.expression : matching(blocks(known.expression), values[index], index, length),
        source: typeof sources === "string" ? undefined : matching(sources, values[index], index, length),
      };
      return this.value(argument, values[index], inner, place, owner);
    }).flat();
  }

  /** An unknown value: the expression of the same stack's JSON, else what the plan's configuration refers to. */
  private unknown(argument: string, { expression, source }: Known, place: Place): unknown {
    if (source !== undefined && source !== null && source !== "") return source;
    // Blocks whose number is unknown, and values that AWS computes.
    if (!isLeaf(expression)) return undefined;
    const targets = this.references.targets(expression, place);
    const [only] = targets;
    if (!only) return `\${unknown(${(expression.references ?? []).join(", ")})}`;
    const isDocument = DOCUMENT.test(argument) && only.attribute !== "json" && !/_(?:arn|id)s?$/.test(argument);
    const all = targets.map((target) => reference(target, argument));
    const types = new Set(targets.map(({ resource }) => resource.type));
    if (isDocument || types.size > 1) return `\${unknown(${all.map((one) => one.slice(2, -1)).join(", ")})}`;
    return argument.endsWith("s") && !SINGULAR.test(argument) ? all : all.length === 1 ? all[0] : all;
  }

  /** A known text: a reference where it is an attribute of a resource to which its expression refers. */
  private text(argument: string, value: string, { expression }: Known, place: Place, owner: ResourceValues): string {
    const candidates = [
      ...(isLeaf(expression) ? this.references.targets(expression, place) : []),
      ...(owner.depends_on ?? []).flatMap((address) => this.references.byAddress(address)),
      ...(argument === "id" || argument === "arn"
        ? []
        : (this.ids.get(value) ?? []).map((resource) => ({ resource, attribute: undefined }))),
    ].filter(({ resource }) => resource.address !== owner.address && value !== "");
    for (const { resource, attribute } of candidates)
      for (const name of attribute === undefined ? ["id", "arn", argument, "name"] : [attribute])
        if (IDENTITY.test(name) && resource.values?.[name] === value && part(resource.sensitive_values, name) !== true)
          return `\${${resource.address}.${name}}`;
    // A known text is literal.
    return value.replaceAll(/[$%]\{/g, (found) => `${found[0] ?? ""}${found}`);
  }
}

function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** Meta-arguments, which a plan does not have. */
function meta(source: Values | undefined): Values {
  return Object.fromEntries(Object.entries(source ?? {}).filter(([name]) => ["lifecycle", "depends_on", "//"].includes(name)));
}

function provider(configuration: ResourceConfiguration | undefined): Values {
  const [, alias] = /^(?:[^:]*:)?(aws\..+)$/.exec(configuration?.provider_config_key ?? "") ?? [];
  return alias === undefined ? {} : { provider: alias };
}

function inModules(module: ModuleValues | undefined): readonly (readonly [module: string, resource: ResourceValues])[] {
  const { address = "", resources = [], child_modules: children = [] } = module ?? {};
  return [...resources.map((resource) => [address, resource] as const), ...children.flatMap(inModules)];
}

function reference(target: Target | undefined, argument: string): string {
  const guess = /arns?$/.test(argument) ? "arn" : "id";
  return `\${${target?.resource.address ?? ""}.${target?.attribute ?? guess}}`;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
