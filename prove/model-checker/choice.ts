import { asText, type Json, type JsonObject, RuntimeError, valueAt } from "./json-path";

const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === "string",
  IsNumeric: (value) => typeof value === "number",
  IsBoolean: (value) => typeof value === "boolean",
  IsTimestamp: (value) => typeof value === "string" && isTimestamp(value),
};
const COMPARISONS: Readonly<Record<string, (one: number | string, other: number | string) => boolean>> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThan: (one, other) => one > other,
  GreaterThanEquals: (one, other) => one >= other,
};

/** Whether a rule of a Choice state is true. @throws RuntimeError when a compared path does not exist */
export function isTrue(rule: JsonObject, data: Json, context: Json): boolean {
  if (rule["And"] !== undefined) return (rule["And"] as readonly JsonObject[]).every((part) => isTrue(part, data, context));
  if (rule["Or"] !== undefined) return (rule["Or"] as readonly JsonObject[]).some((part) => isTrue(part, data, context));
  if (rule["Not"] !== undefined) return !isTrue(rule["Not"] as JsonObject, data, context);
  const path = asText(rule["Variable"]);
  const value = valueAt(path, data, context);
  const [operator, operand] = comparisonOf(rule);
  if (operator === undefined || operand === undefined) throw new Error(`no comparison in ${JSON.stringify(rule)}`);
  if (operator === "IsPresent") return (value !== undefined) === operand;
  if (value === undefined) throw new RuntimeError(`a Choice compares ${path}, which does not exist`);
  const test = TYPES[operator];
  if (test) return test(value) === operand;
  if (!operator.endsWith("Path")) return compare(operator, value, operand);
  const other = valueAt(asText(operand), data, context);
  if (other === undefined) throw new RuntimeError(`a Choice compares with ${asText(operand)}, which does not exist`);
  return compare(operator.slice(0, -"Path".length), value, other);
}

const comparisons = new WeakMap<JsonObject, readonly [operator: string, operand: Json] | readonly []>();

/** The operator and operand of a rule, which is evaluated in many states. */
function comparisonOf(rule: JsonObject): readonly [operator?: string, operand?: Json] {
  const found = comparisons.get(rule) ?? Object.entries(rule).find(([key]) => !["Variable", "Next", "Comment"].includes(key)) ?? [];
  comparisons.set(rule, found);
  return found;
}

function compare(operator: string, value: Json, operand: Json): boolean {
  const match = /^(String|Numeric|Boolean|Timestamp)(\w+)$/.exec(operator);
  const [, type, name = ""] = match ?? [];
  if (type === "String" && name === "Matches")
    return typeof value === "string" && new RegExp(`^${asText(operand).split("*").map(quote).join(".*")}$`, "s").test(value);
  const comparison = COMPARISONS[name];
  if (!comparison) throw new Error(`${operator} is not supported`);
  switch (type) {
    case "Numeric":
      return typeof value === "number" && typeof operand === "number" && comparison(value, operand);
    case "Boolean":
      return typeof value === "boolean" && value === operand;
    case "Timestamp":
      return comparison(Date.parse(asText(value)), Date.parse(asText(operand)));
    default:
      return typeof value === "string" && typeof operand === "string" && comparison(value, operand);
  }
}

function quote(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}

function isTimestamp(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}
