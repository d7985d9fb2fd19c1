import { asText, isObject, type Json, RuntimeError, valueAt } from "./json-path";

type Argument = { readonly kind: "literal"; readonly value: Json } | { readonly kind: "path"; readonly path: string } | Call;
interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly arguments: readonly Argument[];
}

const parsed = new Map<string, Argument>();

/** The value of a path or of an intrinsic function, as in a field whose name ends in `.$`. */
export function evaluate(expression: string, data: Json, context: Json): Json {
  let argument = parsed.get(expression);
  if (!argument) {
    const [found, rest] = parse(expression);
    if (rest.trim() !== "") throw new Error(`cannot parse ${expression} at ${rest}`);
    parsed.set(expression, (argument = found));
  }
  return valueOf(argument, data, context);
}

/** A payload template: fields whose names end in `.$` are evaluated. */
export function resolveTemplate(template: Json, data: Json, context: Json): Json {
  if (typeof template !== "object" || template === null || !isDynamic(template)) return template;
  if (!isObject(template)) return template.map((item) => resolveTemplate(item, data, context));
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(template))
    if (key.endsWith(".$")) result[key.slice(0, -2)] = evaluate(asText(value), data, context);
    else result[key] = resolveTemplate(value, data, context);
  return result;
}

const dynamic = new WeakMap<object, boolean>();

/** Whether a template has a field that is evaluated. The others are their own value. */
function isDynamic(template: object): boolean {
  const known = dynamic.get(template);
  if (known !== undefined) return known;
  const found = Object.entries(template).some(
    ([key, value]: [string, Json]) => key.endsWith(".$") || (typeof value === "object" && value !== null && isDynamic(value)),
  );
  dynamic.set(template, found);
  return found;
}

function parse(text: string): [Argument, string] {
  const rest = text.trimStart();
  const literal = /^'((?:\\.|[^'\\])*)'/.exec(rest);
  if (literal) return [{ kind: "literal", value: (literal[1] ?? "").replace(/\\(.)/g, "$1") }, rest.slice(literal[0].length)];
  const path = /^\$[^,()\s]*(?:\(@[^)]*\)[^,()\s]*)*/.exec(rest);
  if (path) return [{ kind: "path", path: path[0] }, rest.slice(path[0].length)];
  const number = /^(-?\d+(?:\.\d+)?|true|false|null)\b/.exec(rest);
  if (number) return [{ kind: "literal", value: JSON.parse(number[0]) as Json }, rest.slice(number[0].length)];
  const call = /^States\.(\w+)\(/.exec(rest);
  if (!call) throw new Error(`cannot parse ${text}`);
  return parseCall(call[1] ?? "", rest.slice(call[0].length));
}

function parseCall(name: string, text: string): [Call, string] {
  const found: Argument[] = [];
  let rest = text.trimStart();
  while (!rest.startsWith(")")) {
    const [argument, after] = parse(rest);
    found.push(argument);
    rest = after.trimStart().replace(/^,/, "").trimStart();
    if (rest === "") throw new Error(`States.${name} is not closed`);
  }
  return [{ kind: "call", name, arguments: found }, rest.slice(1)];
}

function valueOf(argument: Argument, data: Json, context: Json): Json {
  switch (argument.kind) {
    case "literal":
      return argument.value;
    case "path": {
      const value = valueAt(argument.path, data, context);
      if (value === undefined) throw new RuntimeError(`there is no ${argument.path}`);
      return value;
    }
    case "call":
      return apply(
        argument.name,
        argument.arguments.map((each) => valueOf(each, data, context)),
        context,
      );
  }
}

function asList(value: Json | undefined, name: string): readonly Json[] {
  if (!Array.isArray(value)) throw new RuntimeError(`States.${name} requires a list`);
  return value as readonly Json[];
}

function apply(name: string, [first, second, ...others]: readonly Json[], context: Json): Json {
  switch (name) {
    case "Format":
      return format(asText(first), second === undefined ? [] : [second, ...others]);
    case "JsonToString":
      return JSON.stringify(first);
    case "StringToJson":
      return JSON.parse(asText(first)) as Json;
    case "Array":
      return [first, second, ...others].filter((value) => value !== undefined);
    case "ArrayLength":
      return asList(first, name).length;
    case "ArrayContains":
      return asList(first, name).some((item) => JSON.stringify(item) === JSON.stringify(second));
    case "ArrayGetItem": {
      const item = asList(first, name)[Number(second)];
      if (item === undefined) throw new RuntimeError(`the list has no item ${asText(second)}`);
      return item;
    }
    case "ArrayUnique":
      return [...new Map(asList(first, name).map((item) => [JSON.stringify(item), item])).values()];
    case "ArrayRange":
      return Array.from(
        { length: Math.floor((Number(second) - Number(first)) / Number(others[0])) + 1 },
        (_, i) => Number(first) + i * Number(others[0]),
      );
    case "StringSplit":
      return asText(first)
        .split(new RegExp(`[${asText(second).replace(/[\\\]^-]/g, "\\$&")}]`))
        .filter((part) => part !== "");
    case "MathAdd":
      return Number(first) + Number(second);
    case "JsonMerge":
      return { ...(isObject(first) ? first : {}), ...(isObject(second) ? second : {}) };
    case "UUID":
      // One for each execution, so that an execution is a function of its answers.
      return `${asText(valueAt("$$.Execution.Name", null, context) ?? "00000000")}-0000-4000-8000-000000000000`;
    default:
      throw new Error(`States.${name} is not supported`);
  }
}

function format(template: string, values: readonly Json[]): string {
  let next = 0;
  const text = template.replace(/\{\}/g, () => asText(values[next++]));
  if (next !== values.length) throw new RuntimeError(`States.Format has ${next} places and ${values.length} values`);
  return text;
}
