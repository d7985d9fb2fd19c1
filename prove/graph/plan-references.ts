import type { Leaf, ModuleCall, ModuleConfiguration, PlanJson, ResourceConfiguration, ResourceValues } from "./plan-json";
import { isLeaf } from "./plan-parts";
import type { Values } from "./values";

type Key = string | number;

/** The module and the instance of an expression. */
export interface Place {
  /** `module.vpc[0]`. Empty for the root module. */
  readonly module: string;
  /** Key of the instance whose expression it is. */
  readonly key: Key | undefined;
  /** What `each.value` refers to. */
  readonly each?: Leaf | undefined;
}

/** A resource, or an instance of it, to which an expression refers. */
export interface Target {
  readonly resource: ResourceValues;
  /** Attribute of it. Undefined where the plan does not say which. */
  readonly attribute: string | undefined;
}

const MODULE_STEP = /module\.([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?/g;
const KEY = String.raw`\[("(?:[^"\\]|\\.)*"|\d+)\]`;
const RESOURCE = new RegExp(String.raw`^((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[\w-]+)(?:${KEY})?(?:\.([\w-]+))?`);
const MODULE_OUTPUT = new RegExp(String.raw`^(module\.[\w-]+)(?:${KEY})?(?:\.([\w-]+))?`);
const DEEPEST = 20;

/** Follows the references of a plan's configuration, through modules, to the resources of the plan. */
export class PlanReferences {
  /** Instances by address without the key of the instance. */
  private readonly instances = new Map<string, ResourceValues[]>();
  /** Keys of the instances of a module, by its address without its key. */
  private readonly modules = new Map<string, Set<Key>>();

  constructor(
    private readonly plan: PlanJson,
    resources: readonly (readonly [module: string, resource: ResourceValues])[],
  ) {
    for (const [module, resource] of resources) {
      const address = join(module, `${resource.mode === "data" ? "data." : ""}${resource.type}.${resource.name}`);
      this.instances.set(address, [...(this.instances.get(address) ?? []), resource]);
      for (const { parent, name, key } of stepsOf(module))
        if (key !== undefined) this.modules.set(join(parent, name), (this.modules.get(join(parent, name)) ?? new Set()).add(key));
    }
  }

  /** The configuration of a resource. */
  resource(module: string, { mode, type, name }: ResourceValues): ResourceConfiguration | undefined {
    return this.module(module)?.resources?.find((one) => one.mode === mode && one.type === type && one.name === name);
  }

  /** Every instance of an address without keys, as `depends_on` of a state names them. */
  byAddress(address: string): readonly Target[] {
    return (this.instances.get(address) ?? []).map((resource) => ({ resource, attribute: undefined }));
  }

  /** What an expression refers to. */
  targets(leaf: Leaf | undefined, place: Place, depth = 0): readonly Target[] {
    const references = subjects(leaf?.references ?? []);
    const found = references.flatMap((reference) => this.follow(reference, references, place, depth));
    return [...new Map(found.map((target) => [`${target.resource.address}.${target.attribute ?? ""}`, target])).values()];
  }

  private follow(reference: string, all: readonly string[], place: Place, depth: number): readonly Target[] {
    if (depth > DEEPEST) return [];
    const [kind, name = ""] = reference.split(/[.[]/);
    if (kind === "var") return this.variable(name, place, depth);
    if (kind === "each") return name === "value" ? this.each(reference, place, depth) : [];
    if (kind === "module") return this.output(reference, all, place, depth);
    const [, address, key, attribute] = RESOURCE.exec(reference) ?? [];
    if (address === undefined) return [];
    const instances = this.instances.get(join(place.module, address)) ?? [];
    return chosen(
      instances,
      instances.map(({ index }) => index),
      key,
      all,
      place,
    ).map((resource) => ({ resource, attribute }));
  }

  /** A variable of a module is an expression of its call. */
  private variable(name: string, { module }: Place, depth: number): readonly Target[] {
    const step = stepsOf(module).at(-1);
    if (!step) return [];
    const call = this.call(module);
    const place = { module: step.parent, key: step.key, each: call?.for_each_expression };
    return leaves(call?.expressions?.[name]).flatMap((leaf) => this.targets(leaf, place, depth + 1));
  }

  private each(reference: string, place: Place, depth: number): readonly Target[] {
    const attribute = /^each\.value\.([\w-]+)/.exec(reference)?.[1];
    const found = this.targets(place.each, { module: place.module, key: undefined }, depth + 1);
    const own = found.filter(({ resource }) => resource.index === place.key);
    return (own.length > 0 ? own : found).map((target) => (attribute === undefined ? target : { ...target, attribute }));
  }

  private output(reference: string, all: readonly string[], place: Place, depth: number): readonly Target[] {
    const [, name = "", key, output = ""] = MODULE_OUTPUT.exec(reference) ?? [];
    const address = join(place.module, name);
    const keys = [...(this.modules.get(address) ?? [undefined])];
    return chosen(keys, keys, key, all, place).flatMap((instance) => {
      const module = instance === undefined ? address : `${address}[${JSON.stringify(instance)}]`;
      return this.targets(this.module(module)?.outputs?.[output]?.expression, { module, key: undefined }, depth + 1);
    });
  }

  private module(address: string): ModuleConfiguration | undefined {
    return stepsOf(address).reduce<ModuleConfiguration | undefined>(
      (module, { name }) => module?.module_calls?.[name.slice("module.".length)]?.module,
      this.plan.configuration?.root_module,
    );
  }

  private call(address: string): ModuleCall | undefined {
    const step = stepsOf(address).at(-1);
    return step && this.module(step.parent)?.module_calls?.[step.name.slice("module.".length)];
  }
}

/** The instance with a key, else the one that the place's own key decides, else all. */
function chosen<Item>(
  items: readonly Item[],
  keys: readonly (Key | undefined)[],
  key: string | undefined,
  all: readonly string[],
  place: Place,
): readonly Item[] {
  const at = (wanted: Key): readonly Item[] => items.filter((_, index) => keys[index] === wanted);
  if (key !== undefined) return at(JSON.parse(key) as Key);
  if (items.length <= 1) return items;
  if (typeof place.key === "number" && all.includes("count.index")) return at(place.key % items.length);
  const decides = all.some((one) => one === "each.key" || one.startsWith("each.value"));
  const own = place.key !== undefined && decides ? at(place.key) : [];
  return own.length > 0 ? own : items;
}

/** The references that are not only the beginning of the one before: Terraform names `a.b.id`, and then `a.b`. */
function subjects(references: readonly string[]): readonly string[] {
  return references.filter(
    (reference, index) => !references.slice(0, index).some((one) => one.startsWith(reference) && /^[.[]/.test(one.slice(reference.length))),
  );
}

/** The expressions in an expression of a call, which may have blocks. */
function leaves(expression: unknown): readonly Leaf[] {
  if (Array.isArray(expression)) return expression.flatMap(leaves);
  if (typeof expression !== "object" || expression === null) return [];
  return isLeaf(expression) ? [expression] : Object.values(expression as Values).flatMap(leaves);
}

function join(module: string, address: string): string {
  return module === "" ? address : `${module}.${address}`;
}

/** The modules on the way to a module, each with its parent's address. */
function stepsOf(module: string): readonly { readonly parent: string; readonly name: string; readonly key: Key | undefined }[] {
  return [...module.matchAll(MODULE_STEP)].map(({ 0: whole, 1: name = "", 2: key, index }) => ({
    parent: module.slice(0, index).replace(/\.$/, ""),
    name: `module.${name}`,
    key: key === undefined ? undefined : (JSON.parse(key) as Key),
    whole,
  }));
}
