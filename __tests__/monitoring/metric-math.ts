import { finds, parseSearch, type StoredMetric } from "./search-grammar";

/** The values of a metric, one for each period; undefined where it has none. */
export type Series = readonly (number | undefined)[];
type Value = number | Series;

interface Line {
  readonly expression: string;
  readonly label: string;
  readonly id?: string;
  readonly visible?: boolean;
}

const SEARCHES = /SEARCH\('[^']*', '[^']*'\)/g;
const LEXEME = /\s*(\d+(?:\.\d+)?|[A-Z_]+(?=\()|[a-z]\w*|[-+*/()])/y;

/**
 * The lines of a graph, by their labels: the part of metric math that the dashboards use.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws when an expression uses anything else, or depends on a search without a result, whose value is not documented
 */
export function evaluate(lines: readonly Line[], metrics: ReadonlyMap<StoredMetric, Series>): Map<string, Series> {
  const known = new Map<string, Value>();
  const shown = new Map<string, Series>();
  for (const { expression, label, id, visible = true } of lines) {
    const value = result(expression, known, metrics);
    if (id !== undefined) known.set(id, value);
    if (!visible) continue;
    if (typeof value === "number") throw new Error(`${expression} is a number, not a series`);
    shown.set(label, value);
  }
  return shown;
}

function result(expression: string, known: ReadonlyMap<string, Value>, metrics: ReadonlyMap<StoredMetric, Series>): Value {
  const searches: Series[][] = [];
  const text = expression.replaceAll(SEARCHES, (search) => `search${searches.push(found(search, metrics)) - 1}`);
  const rest = lexemes(text);
  const sum = (): Value => {
    let value = product();
    while (rest[0] === "+" || rest[0] === "-") value = combined(rest.shift() === "+" ? add : subtract, value, product());
    return value;
  };
  const product = (): Value => {
    let value = factor();
    while (rest[0] === "*" || rest[0] === "/") value = combined(rest.shift() === "*" ? multiply : divide, value, factor());
    return value;
  };
  const factor = (): Value => {
    const next = rest.shift() ?? "";
    if (/^\d/.test(next)) return Number(next);
    if (next === "(") return closed(sum());
    if (next === "SUM") return closed(sumOf(searches[Number(/^search(\d+)$/.exec(rest.splice(0, 2)[1] ?? "")?.[1])], expression));
    if (next === "RUNNING_SUM") {
      rest.shift();
      return closed(runningSum(sum()));
    }
    const value = known.get(next);
    if (value === undefined) throw new Error(`${next} is unknown in ${expression}`);
    return value;
  };
  const closed = (value: Value): Value => {
    if (rest.shift() !== ")") throw new Error(`not closed: ${expression}`);
    return value;
  };
  const value = sum();
  if (rest.length > 0) throw new Error(`${rest.join(" ")} is left of ${expression}`);
  return value;
}

function lexemes(text: string): string[] {
  const all: string[] = [];
  LEXEME.lastIndex = 0;
  while (LEXEME.lastIndex < text.length) {
    const lexeme = LEXEME.exec(text)?.[1];
    if (lexeme === undefined) throw new Error(`no metric math: ${text}`);
    all.push(lexeme);
  }
  return all;
}

function found(expression: string, metrics: ReadonlyMap<StoredMetric, Series>): Series[] {
  const search = parseSearch(expression);
  return [...metrics].filter(([metric]) => finds(search, metric, "a letter after a digit starts a token")).map(([, series]) => series);
}

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const multiply = (a: number, b: number): number => a * b;
const divide = (a: number, b: number): number | undefined => (b === 0 ? undefined : a / b);

/** A missing value counts as 0 if the other series has one. */
function combined(operation: (a: number, b: number) => number | undefined, left: Value, right: Value): Value {
  if (typeof left === "number" && typeof right === "number") return operation(left, right) ?? NaN;
  const length = typeof left === "number" ? (right as Series).length : left.length;
  return Array.from({ length }, (_, index) => {
    const [a, b] = [left, right].map((value) => (typeof value === "number" ? value : value[index]));
    const isMissing = [left, right].every((value, side) => typeof value === "number" || [a, b][side] === undefined);
    return isMissing ? undefined : operation(a ?? 0, b ?? 0);
  });
}

function sumOf(all: readonly Series[] | undefined, expression: string): Series {
  const [first] = all ?? [];
  if (!all || !first) throw new Error(`a search has no result: ${expression}`);
  return first.map((_, index) => {
    const values = all.flatMap((series) => series[index] ?? []);
    return values.length === 0 ? undefined : values.reduce(add);
  });
}

function runningSum(value: Value): Series {
  if (typeof value === "number") throw new Error("RUNNING_SUM of a number");
  let sum = 0;
  return value.map((each) => (each === undefined ? undefined : (sum += each)));
}
