/** A metric as CloudWatch stores it. */
export interface StoredMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

type Term =
  | { readonly kind: "exact" | "partial"; readonly property: string | undefined; readonly text: string }
  | { readonly kind: "not"; readonly term: Term }
  | { readonly kind: "all" | "any"; readonly terms: readonly Term[] };

/** A search expression in its parts. */
export interface Search {
  readonly schema: { readonly namespace: string; readonly dimensions: readonly string[] } | undefined;
  readonly term: Term | undefined;
  readonly statistic: string;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
export const MAX_QUERY_LENGTH = 1024;

const SEARCH = /^SEARCH\( ?'(?<query>[^']+)', '(?<statistic>SampleCount|Average|Sum|Minimum|Maximum|p\d+(\.\d+)?)'(, \d+)?\)$/;
const SCHEMA = /^\s*\{(?<schema>[^}]+)\},?/;
const WORD = /\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<mark>[()=])|(?<word>[^\s()="]+))/y;

/**
 * Parses a search expression by the documentation of CloudWatch.
 * @throws when the documentation does not describe the form, or not what it means
 */
export function parseSearch(expression: string): Search {
  const { query, statistic } = SEARCH.exec(expression)?.groups ?? {};
  if (query === undefined || statistic === undefined) throw new Error(`no search: ${expression}`);
  if (query.length > MAX_QUERY_LENGTH) throw new Error(`more than ${MAX_QUERY_LENGTH} characters: ${expression}`);
  const [head = "", schema] = SCHEMA.exec(query) ?? [];
  const term = query.slice(head.length).trim();
  return { schema: schema === undefined ? undefined : parseSchema(schema), term: term === "" ? undefined : parseTerm(term), statistic };
}

function parseSchema(text: string): Search["schema"] {
  const [namespace = "", ...dimensions] = text.split(",").map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  return { namespace, dimensions };
}

interface Lexeme {
  readonly text: string;
  readonly isQuoted: boolean;
}

function lexemes(text: string): Lexeme[] {
  const found: Lexeme[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.length) {
    const groups = WORD.exec(text)?.groups;
    if (!groups) throw new Error(`not closed: ${text}`);
    const { quoted, mark, word } = groups;
    found.push({ text: quoted?.replaceAll(/\\(.)/g, "$1") ?? mark ?? word ?? "", isQuoted: quoted !== undefined });
  }
  return found;
}

/** The documentation does not say whether AND or OR binds stronger: a group has only one of both. */
function parseTerm(text: string): Term {
  const rest = lexemes(text);
  const isNext = (mark: string): boolean => rest[0]?.text === mark && !rest[0].isQuoted;
  const group = (): Term => {
    const terms = [single()];
    const operators = new Set<string>();
    while (rest.length > 0 && !isNext(")")) {
      const operator = isNext("OR") ? "OR" : "AND";
      if (isNext("OR") || isNext("AND")) rest.shift();
      operators.add(operator);
      terms.push(single());
    }
    if (operators.size > 1) throw new Error(`AND and OR without parentheses: ${text}`);
    return { kind: operators.has("OR") ? "any" : "all", terms };
  };
  const single = (): Term => {
    if (isNext("NOT")) {
      rest.shift();
      return { kind: "not", term: single() };
    }
    if (isNext("(")) {
      rest.shift();
      const inner = group();
      if (!isNext(")")) throw new Error(`not closed: ${text}`);
      rest.shift();
      return inner;
    }
    const first = operand();
    if (!isNext("=")) return leaf(first, undefined);
    rest.shift();
    return leaf(operand(), first.text);
  };
  const operand = (): Lexeme => {
    const next = rest.shift();
    if (!next || (!next.isQuoted && /^([()=]|AND|OR|NOT)$/.test(next.text))) throw new Error(`no operand: ${text}`);
    return next;
  };
  const all = group();
  if (rest.length > 0) throw new Error(`not opened: ${text}`);
  return all;
}

function leaf({ text, isQuoted }: Lexeme, property: string | undefined): Term {
  return { kind: isQuoted ? "exact" : "partial", property, text };
}

/**
 * "Numeric characters also serve as the start of new tokens": whether a letter after a digit starts another one, as in `4b`, the
 * documentation does not say.
 */
export const READINGS = {
  "a letter after a digit starts a token": /[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+/g,
  "a letter after a digit continues its token": /[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+[a-z]*/g,
} as const;
export type Reading = keyof typeof READINGS;

interface Token {
  readonly text: string;
  /** The part between two characters that are neither letters nor digits, in which the token is. */
  readonly part: number;
}

function tokens(text: string, reading: Reading): Token[] {
  return text
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== "")
    .flatMap((part, index) => [...part.matchAll(READINGS[reading])].map(([token]) => ({ text: token, part: index })));
}

const lower = (all: readonly Token[]): string[] => all.map(({ text }) => text.toLowerCase());

/**
 * All letters and digits of a value are a token, too. A single token matches a token in any case. Several match consecutive tokens;
 * those of one part of the term, as in `CustomCount`, in the same case.
 */
export function matchesPartly(term: string, value: string, reading: Reading): boolean {
  const [wanted, own] = [tokens(term, reading), tokens(value, reading)];
  if (lower(own).join("") === lower(wanted).join("")) return true;
  if (wanted.length === 1) return lower(own).includes(lower(wanted).join(""));
  const cased = (all: readonly Token[]): string =>
    wanted.map(({ part }, index) => (isAlone(wanted, part) ? all[index]?.text.toLowerCase() : all[index]?.text)).join(" ");
  return own.some((_, start) => {
    const candidates = own.slice(start, start + wanted.length);
    return candidates.length === wanted.length && cased(candidates) === cased(wanted);
  });
}

function isAlone(all: readonly Token[], part: number): boolean {
  return all.filter((token) => token.part === part).length === 1;
}

/** Whether a search finds a metric. */
export function finds({ schema, term }: Search, metric: StoredMetric, reading: Reading): boolean {
  const names = Object.keys(metric.dimensions);
  if (schema && schema.namespace !== metric.namespace) return false;
  if (schema && [...schema.dimensions].sort().join() !== names.sort().join()) return false;
  return term === undefined || holds(term, metric, reading);
}

function holds(term: Term, metric: StoredMetric, reading: Reading): boolean {
  switch (term.kind) {
    case "not":
      return !holds(term.term, metric, reading);
    case "all":
      return term.terms.every((each) => holds(each, metric, reading));
    case "any":
      return term.terms.some((each) => holds(each, metric, reading));
    default: {
      const { kind, text } = term;
      return texts(metric, term.property).some((value) => (kind === "exact" ? value === text : matchesPartly(text, value, reading)));
    }
  }
}

function texts({ namespace, name, dimensions }: StoredMetric, property: string | undefined): string[] {
  if (property === undefined) return [namespace, name, ...Object.keys(dimensions), ...Object.values(dimensions)];
  const value = { MetricName: name, Namespace: namespace, ...dimensions }[property];
  return value === undefined ? [] : [value];
}
