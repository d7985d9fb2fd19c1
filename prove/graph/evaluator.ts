import { evaluate, type Scope } from "./evaluate";
import { NotDecided } from "./functions";
import { countKeys, eachKeys, type Key, type Names, replaced, unwrapped } from "./instances";
import { addressOf, readReference } from "./references";
import { type Expression, parseTemplate } from "./syntax";
import { documentOf, NOT_EVALUATED, templatesOf } from "./templates";
import type { TerraformJson } from "./terraform-json";
import { toJson, Unknown } from "./unknown";
import { blocks, type Resource, text as plainText, type Values } from "./values";

const NO_NAMES: Names = {};
/** One reference to a resource that has one instance: it stays as it is. */
const PLAIN = /^\$\{(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[\w-]+\.[\w.-]+\}$/;
/** A document is read where it is needed. */
const DOCUMENT = /^\$\{\s*jsonencode\(/;
/** JSON as a text, which a document is when a tool has written it. */
const JSON_TEXT = /^\s*(?:\{\s*"|\[\s*[{["])/;
const NAMED = /^\$\{local\.([\w-]+)\}$/;

/** Evaluates the expressions of one stack, as far as its JSON decides them. What it does not decide stays an expression. */
export class Evaluator {
  private readonly bodies = new Map<string, Values>();
  private readonly parsed = new Map<string, Expression | undefined>();
  private readonly texts = new Map<string, unknown>();
  private readonly instances = new Map<string, readonly Key[] | undefined>();
  private readonly named = new Map<string, unknown>();
  private readonly scope: Scope;

  /** @param attribute what a reference stands for that no argument has: an ARN, the region */
  constructor(
    private readonly configuration: TerraformJson,
    private readonly attribute: (path: string) => unknown,
  ) {
    for (const [prefix, types] of [["", configuration.resource] as const, ["data.", configuration.data] as const])
      for (const [type, byName] of Object.entries(types ?? {}))
        for (const [name, body] of Object.entries(byName)) this.bodies.set(addressOf(`${prefix}${type}`, name), body);
    this.scope = {
      value: (path) => this.once(this.named, path, () => this.valueOf(path)),
      keys: (address) => this.keys(address),
      has: (address) => this.has(address),
      argument: (reference) => this.once(this.named, reference, () => this.argumentOf(reference)),
      names: NO_NAMES,
    };
  }

  /** A resource for each instance, with what is known of its arguments. */
  resources(address: string, type: string): readonly Resource[] {
    const body = this.bodies.get(address) ?? {};
    const keys = this.keys(address);
    if (!keys) return [{ address, type, values: this.argumentsOf(body) }];
    return keys.map((key) => ({
      address: `${address}[${JSON.stringify(key)}]`,
      type,
      values: this.json(body, this.namesOf(body, key)) as Values,
    }));
  }

  /** The arguments of a resource that has one instance: the same object where every expression stays as it is. */
  private argumentsOf(body: Values): Values {
    const isSame = templatesOf(body)?.every((text) => this.text(text, NO_NAMES) === text) ?? false;
    return isSame ? body : (this.json(body, NO_NAMES) as Values);
  }

  /** A value with what is known of its expressions. */
  value(value: unknown): unknown {
    return this.json(value, NO_NAMES);
  }

  /** The keys of the instances of a resource. Undefined if it is one, or if their number is unknown. */
  private keys(address: string): readonly Key[] | undefined {
    return this.once(this.instances, address, () => {
      const { count, for_each: each } = this.bodies.get(address) ?? {};
      if (count !== undefined) return countKeys(this.inner(count, NO_NAMES));
      return each === undefined ? undefined : eachKeys(this.inner(each, NO_NAMES));
    });
  }

  private has(address: string): boolean {
    const body = this.bodies.get(address);
    if (body) return body["count"] === undefined && body["for_each"] === undefined;
    const reference = readReference(address);
    return this.keys(reference?.resource ?? "")?.some((key) => `${reference?.resource ?? ""}[${JSON.stringify(key)}]` === address) ?? false;
  }

  private namesOf(body: Values, key: Key): Names {
    if (typeof key === "number") return { count: { index: key } };
    const all = this.inner(body["for_each"], NO_NAMES);
    return { each: { key, value: Array.isArray(all) ? key : (all as Values)[key] } };
  }

  private valueOf(path: string): unknown {
    const [kind, name = ""] = path.split(".");
    if (kind === "local") {
      const found = this.inner(this.configuration.locals?.[name], NO_NAMES);
      // An expression that is not decided keeps its name.
      return found instanceof Unknown && !readReference(found.text) ? undefined : found;
    }
    return this.configuration.variable?.[name]?.["default"];
  }

  private argumentOf(text: string): unknown {
    const reference = readReference(text);
    if (!reference) return undefined;
    const [, name = ""] = /^([\w-]+)$/.exec(reference.path) ?? [];
    const body = this.bodies.get(reference.resource) ?? this.bodies.get(reference.address);
    const key = this.keys(reference.resource)?.find((one) => reference.address === `${reference.resource}[${JSON.stringify(one)}]`);
    const argument = body?.[name];
    if (!body || argument === undefined) return this.attribute(text);
    const found = this.inner(argument, key === undefined ? NO_NAMES : this.namesOf(body, key));
    return found instanceof Unknown ? (this.scope.argument(found.text) ?? found) : found;
  }

  /** A value of a table, computed at its first use. Undefined where it would need itself. */
  private once<Value>(table: Map<string, Value | undefined>, key: string, compute: () => Value | undefined): Value | undefined {
    if (table.has(key)) return table.get(key);
    table.set(key, undefined);
    const found = this.undecided(compute);
    table.set(key, found);
    return found;
  }

  private undecided<Value>(compute: () => Value): Value | undefined {
    try {
      return compute();
    } catch (error) {
      if (error instanceof NotDecided) return undefined;
      throw error;
    }
  }

  /** A value whose unknown parts are `Unknown`. */
  private inner(value: unknown, names: Names): unknown {
    if (typeof value === "string") return this.evaluated(value, names) ?? new Unknown(unwrapped(value));
    if (Array.isArray(value)) return value.map((item: unknown) => this.inner(item, names));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.inner(item, names)]));
  }

  /** What a text stands for. Undefined if it cannot be evaluated. */
  private evaluated(text: string, names: Names): unknown {
    if (!text.includes("${")) return text;
    const expression = this.parse(text);
    return expression && this.undecided(() => evaluate(expression, { ...this.scope, names }));
  }

  private parse(text: string): Expression | undefined {
    if (this.parsed.has(text)) return this.parsed.get(text);
    let found: Expression | undefined;
    try {
      found = parseTemplate(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    this.parsed.set(text, found);
    return found;
  }

  /** A value as JSON. What has nothing to evaluate is the same object. */
  private json(value: unknown, names: Names): unknown {
    if (typeof value === "string") return this.text(value, names);
    if (Array.isArray(value)) return this.items(value as readonly unknown[], names);
    if (typeof value !== "object" || value === null) return value;
    let changed = false;
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value as Values)) {
      const found = NOT_EVALUATED.includes(key) ? item : this.json(item, names);
      changed ||= found !== item;
      // An argument that is null has no value.
      if (found !== null || item === null) result[key] = found;
    }
    const dynamic = result["dynamic"];
    return dynamic === undefined ? (changed ? result : value) : this.withDynamic(result, dynamic, names);
  }

  private items(values: readonly unknown[], names: Names): readonly unknown[] {
    const found = values.map((item) => this.json(item, names));
    if (found.every((item, index) => item === values[index])) return values;
    // Terraform 0.11 wrote a list as the one item of a list.
    return found.flatMap((item, index) => (Array.isArray(item) && typeof values[index] === "string" ? (item as unknown[]) : [item]));
  }

  private text(text: string, names: Names): unknown {
    if (!text.includes("${")) return text;
    if (JSON_TEXT.test(text)) return this.jsonText(text, names);
    if (names !== NO_NAMES) return this.instanceText(text, names);
    if (PLAIN.test(text) && this.isOne(text)) return text;
    if (DOCUMENT.test(text)) return text;
    return this.once(this.texts, text, () => {
      const found = this.evaluated(text, names);
      const [, local = ""] = NAMED.exec(text) ?? [];
      if (found instanceof Unknown && found.text === `local.${local}`) return this.configuration.locals?.[local] ?? text;
      // An expression that says no more than before stays as it is written.
      return found === undefined || (found instanceof Unknown && !readReference(found.text)) ? text : toJson(found);
    });
  }

  /** JSON with expressions in its strings, which stay strings: quotes in what is not decided would end them otherwise. */
  private jsonText(text: string, names: Names): string {
    return this.once(this.texts, names === NO_NAMES ? text : `${JSON.stringify(names)} ${text}`, () => {
      try {
        const document = documentOf(text);
        if (!document) return text;
        if (document.templates.every((part) => this.text(part, names) === part)) return document.normalized;
        return JSON.stringify(this.strings(JSON.parse(text) as unknown, names));
      } catch {
        return text;
      }
    }) as string;
  }

  private strings(value: unknown, names: Names): unknown {
    if (typeof value === "string") return plainText(this.text(value, names)) ?? value;
    if (Array.isArray(value)) return value.map((item) => this.strings(item, names));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.strings(item, names)]));
  }

  private isOne(text: string): boolean {
    const resource = readReference(text.slice(2, -1))?.resource;
    return resource === undefined || this.keys(resource) === undefined;
  }

  private instanceText(text: string, names: Names): unknown {
    const found = this.evaluated(text, names);
    return found === undefined ? replaced(text, names) : toJson(found);
  }

  /** Blocks of `dynamic` beside those that are written. Without a decision about their number they stay as they are. */
  private withDynamic(body: Record<string, unknown>, dynamic: unknown, names: Names): unknown {
    const result = Object.fromEntries(Object.entries(body).filter(([name]) => name !== "dynamic"));
    for (const [name, bodies] of blocks(dynamic).flatMap((part) => Object.entries(part)))
      for (const { for_each: each, iterator, content } of blocks(bodies)) {
        const all = this.undecided(() => this.inner(each, names));
        if (all instanceof Unknown || typeof all !== "object" || all === null) return body;
        const made = Object.entries(all as Values).map(([key, value]) => {
          const item = { key: Array.isArray(all) ? value : key, value };
          return blocks(content).map((one) => this.json(one, { ...names, [typeof iterator === "string" ? iterator : name]: item }));
        });
        result[name] = [...blocks(result[name]), ...made.flat()];
      }
    return result;
  }
}
