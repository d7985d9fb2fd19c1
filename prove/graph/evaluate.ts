import { FUNCTIONS, known, list, NotDecided, number, object, piece, same, undecided } from "./functions";
import type { Expression, ForExpression } from "./syntax";
import { toExpression, Unknown } from "./unknown";

/** What the names in an expression stand for. */
export interface Scope {
  /** A variable or a local value, by `var.name` or `local.name`. Undefined if it has no value in the JSON. */
  readonly value: (path: string) => unknown;
  /** The keys of the instances of a resource. Undefined for a resource that is one, and for one that is not in the JSON. */
  readonly keys: (address: string) => readonly (string | number)[] | undefined;
  /** Whether there is one resource or instance with this address. */
  readonly has: (address: string) => boolean;
  /** An argument of a resource, by a reference to it. Undefined if it is unknown. */
  readonly argument: (reference: string) => unknown;
  /** `count.index`, `each.key`, `each.value`, and the names in a `for`. */
  readonly names: Readonly<Record<string, unknown>>;
}

/** Functions that change how a value is written, and not the value. */
const TRANSPARENT = ["sensitive", "nonsensitive", "ephemeralasnull"];
const RESOURCE = /^(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[\w-]+$/;
/** A reference to one attribute of one resource. */
const REFERENCE = /^((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[\w-]+(?:\[[^\]]*\])?)\.[\w.-]+$/;

/** The value of an expression, with `Unknown` in the place of what only Terraform knows. */
export function evaluate(expression: Expression, scope: Scope): unknown {
  const inner = (part: Expression): unknown => evaluate(part, scope);
  switch (expression.kind) {
    case "value":
      return expression.value;
    case "template":
      return expression.parts.map((part) => (typeof part === "string" ? part : piece(inner(part)))).join("");
    case "name":
      return expression.name in scope.names ? scope.names[expression.name] : new Unknown(expression.name);
    case "attribute":
      return attribute(inner(expression.of), expression.name, scope);
    case "index":
      return item(inner(expression.of), inner(expression.key), scope);
    case "splat":
      return splat(inner(expression.of), expression.steps, scope);
    case "list":
      return expression.items.map(inner);
    case "object":
      return Object.fromEntries(expression.items.map(([key, value]) => [piece(inner(key)), inner(value)]));
    case "call":
      return call(expression.name, expression.args, expression.spread, scope);
    case "operation":
      return operation(expression.operator, expression.operands.map(inner), scope);
    case "conditional":
      return conditional(expression, scope);
    case "for":
      return comprehension(expression, scope);
  }
}

function attribute(of: unknown, name: string, scope: Scope): unknown {
  // Terraform 0.11 counted the instances of a resource in this way.
  if (Array.isArray(of) && name === "count") return of.length;
  if (!(of instanceof Unknown)) return Object.entries(object(of)).find(([key]) => key === name)?.[1] ?? undecided();
  const path = `${of.text}.${name}`;
  if (of.text === "var" || of.text === "local") {
    const value = scope.value(path);
    return value === undefined ? new Unknown(path) : value;
  }
  return instances(path, scope);
}

/** A resource, or a list or an object of its instances. */
function instances(path: string, scope: Scope): unknown {
  const keys = RESOURCE.test(path) ? scope.keys(path) : undefined;
  if (!keys) return new Unknown(path);
  const each = (key: string | number): Unknown => new Unknown(`${path}[${JSON.stringify(key)}]`);
  return keys.every((key) => typeof key === "number") ? keys.map(each) : Object.fromEntries(keys.map((key) => [key, each(key)]));
}

function item(of: unknown, key: unknown, scope: Scope): unknown {
  if (!(of instanceof Unknown)) {
    const at = needed(key, scope);
    if (Array.isArray(of)) return of[number(at)] ?? undecided();
    return Object.entries(object(of)).find(([name]) => name === String(at))?.[1] ?? undecided();
  }
  const wanted = toExpression(key);
  return new Unknown(`${of.text}[${wanted}]`);
}

function splat(of: unknown, steps: readonly (string | Expression)[], scope: Scope): unknown {
  const each = (start: unknown): unknown =>
    steps.reduce(
      (value, step) => (typeof step === "string" ? attribute(value, step, scope) : item(value, evaluate(step, scope), scope)),
      start,
    );
  if (of === null) return [];
  if (Array.isArray(of)) return of.map(each);
  if (!(of instanceof Unknown)) return [each(of)];
  if (scope.has(of.text)) return [each(of)];
  const rest = steps.map((step) => (typeof step === "string" ? `.${step}` : `[${toExpression(evaluate(step, scope))}]`)).join("");
  return new Unknown(`${of.text}[*]${rest}`);
}

function call(name: string, expressions: readonly Expression[], spread: boolean, scope: Scope): unknown {
  if (name === "try" || name === "can") return attempt(name, expressions, scope);
  const values = expressions.map((one) => evaluate(one, scope));
  if (TRANSPARENT.includes(name)) return values[0];
  const args = spread ? [...values.slice(0, -1), ...spreadOf(values.at(-1))] : values;
  try {
    if (name === "coalesce") return coalesce(args);
    const implementation = FUNCTIONS[name] ?? undecided();
    try {
      return implementation(...args);
    } catch (error) {
      // Arguments of other resources are asked for only where their references are not enough: a reference says more than a name.
      if (!(error instanceof NotDecided)) throw error;
      return implementation(...args.map((arg) => needed(arg, scope)));
    }
  } catch (error) {
    if (!(error instanceof NotDecided)) throw error;
    return new Unknown(`${name}(${args.map(toExpression).join(", ")})`);
  }
}

const spreadOf = (value: unknown): readonly unknown[] => list(value);

/** The first expression that has a value. What may have one, or may fail, is not decided. */
function attempt(name: string, expressions: readonly Expression[], scope: Scope): unknown {
  for (const expression of expressions) {
    try {
      const found = evaluate(expression, scope);
      if (isCertain(found, scope)) return name === "can" ? true : found;
      return undecided();
    } catch (error) {
      if (!(error instanceof NotDecided) || isOpen(expression, scope)) throw error;
    }
  }
  return name === "can" ? false : undecided();
}

/** Whether an expression fails for lack of knowledge, and not because there is no such instance. */
function isOpen(expression: Expression, scope: Scope): boolean {
  if (expression.kind === "attribute") return isOpen(expression.of, scope);
  if (expression.kind !== "index") return true;
  const { of, key } = expression;
  return evaluate(of, scope) instanceof Unknown || evaluate(key, scope) instanceof Unknown;
}

function isCertain(value: unknown, scope: Scope): boolean {
  if (Array.isArray(value)) return value.every((one) => isCertain(one, scope));
  if (!(value instanceof Unknown)) return true;
  const address = REFERENCE.exec(value.text)?.[1];
  return address !== undefined && scope.has(address);
}

function coalesce(args: readonly unknown[]): unknown {
  const first = args.find((arg) => arg !== null && arg !== "");
  if (first instanceof Unknown && !first.isOne) return undecided();
  return first ?? undecided();
}

function operation(operator: string, operands: readonly unknown[], scope: Scope): unknown {
  const texts = operands.map(toExpression);
  try {
    const [one, other] = operands.map((operand) => needed(operand, scope));
    if (operands.length === 1) return operator === "!" ? !flag(one) : -number(one);
    return binary(operator, one, other);
  } catch (error) {
    if (!(error instanceof NotDecided)) throw error;
    return new Unknown(operands.length === 1 ? `${operator}${texts.join("")}` : `(${texts.join(` ${operator} `)})`);
  }
}

function binary(operator: string, one: unknown, other: unknown): unknown {
  const decided = [one, other].filter((value) => !(value instanceof Unknown));
  switch (operator) {
    case "&&":
      return decided.includes(false) ? false : flag(one) && flag(other);
    case "||":
      return decided.includes(true) ? true : flag(one) || flag(other);
    case "==":
      return equal(one, other);
    case "!=":
      return !equal(one, other);
  }
  const [a, b] = [number(one), number(other)];
  const results: Readonly<Record<string, unknown>> = {
    "<": a < b,
    ">": a > b,
    "<=": a <= b,
    ">=": a >= b,
    "+": a + b,
    "-": a - b,
    "*": a * b,
    "/": a / b,
    "%": a % b,
  };
  return results[operator] ?? undecided();
}

/** An id or an ARN is neither null nor empty. */
function equal(one: unknown, other: unknown): boolean {
  const [unknown, value] = one instanceof Unknown ? [one, other] : [other, one];
  if (unknown instanceof Unknown && unknown.isOne && REFERENCE.test(unknown.text) && (value === null || value === "")) return false;
  return same(one, other);
}

function conditional({ condition, yes, no }: Extract<Expression, { kind: "conditional" }>, scope: Scope): unknown {
  const decision = needed(evaluate(condition, scope), scope);
  if (!(decision instanceof Unknown)) return evaluate(flag(decision) ? yes : no, scope);
  const [one, other] = [evaluate(yes, scope), evaluate(no, scope)];
  const texts = [one, other].map(toExpression);
  return texts[0] === texts[1] ? one : new Unknown(`(${decision.text} ? ${texts.join(" : ")})`);
}

function comprehension({ names, of, key, value, grouped, condition }: ForExpression, scope: Scope): unknown {
  const source = evaluate(of, scope);
  if (grouped || source instanceof Unknown || source === null) return undecided();
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(source)
    ? source.map((one, index) => [index, one] as const)
    : Object.entries(object(source));
  const inner = entries
    .map(([at, one]) => ({
      ...scope,
      names: { ...scope.names, ...(names.length > 1 ? { [names[0] ?? ""]: at } : {}), [names.at(-1) ?? ""]: one },
    }))
    .filter((each) => condition === undefined || flag(needed(evaluate(condition, each), each)));
  if (!key) return inner.map((each) => evaluate(value, each));
  return Object.fromEntries(inner.map((each) => [String(known(needed(evaluate(key, each), each))), evaluate(value, each)]));
}

function flag(value: unknown): boolean {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "boolean" ? value : undecided();
}

/** A value in the place of a reference to an argument of another resource. */
function needed(value: unknown, scope: Scope): unknown {
  if (!(value instanceof Unknown)) return value;
  const found = scope.argument(value.text);
  return found === undefined ? value : found;
}
