import { cidrHost, cidrSubnet } from "./cidr";
import { Unknown } from "./unknown";

/** A function that stays an expression with these arguments. */
export class NotDecided extends Error {}

type Implementation = (...args: readonly unknown[]) => unknown;

/**
 * Functions of Terraform, as far as projects compute subnets, names and numbers with them. Items of a list may be unknown; a function
 * throws `NotDecided` where it needs one of them.
 * @see https://developer.hashicorp.com/terraform/language/functions
 */
export const FUNCTIONS: Readonly<Record<string, Implementation>> = {
  abs: (value) => Math.abs(number(value)),
  alltrue: (values) => list(values).every((value) => known(value) === true),
  anytrue: (values) => list(values).some((value) => known(value) === true),
  ceil: (value) => Math.ceil(number(value)),
  cidrhost: (range, host) => cidrHost(string(range), number(host)),
  cidrsubnet: (range, bits, index) => cidrSubnet(string(range), number(bits), number(index)),
  cidrsubnets: (range, ...bits) => {
    if (new Set(bits).size > 1) throw new NotDecided();
    return bits.map((each, index) => cidrSubnet(string(range), number(each), index));
  },
  coalescelist: (...lists) => lists.find((one) => list(one).length > 0) ?? undecided(),
  compact: (values) => list(values).filter((value) => value !== null && value !== ""),
  concat: (...lists) => lists.flatMap(list),
  contains: (values, wanted) => {
    const items = list(values);
    if (!items.some((item) => item instanceof Unknown)) return items.some((item) => same(item, wanted));
    return items.some((item) => !(item instanceof Unknown) && same(item, wanted)) || undecided();
  },
  distinct: (values) => unique(list(values)),
  element: (values, index) => {
    const items = list(values);
    return items.length === 0 ? undecided() : items[number(index) % items.length];
  },
  endswith: (text, end) => string(text).endsWith(string(end)),
  flatten: (values) => flat(list(values)),
  floor: (value) => Math.floor(number(value)),
  format: (pattern, ...args) => format(string(pattern), args),
  index: (values, wanted) => {
    const found = list(values)
      .map(known)
      .findIndex((value) => same(value, wanted));
    return found < 0 ? undecided() : found;
  },
  join: (separator, values) => list(values).map(piece).join(string(separator)),
  keys: (values) => Object.keys(object(values)).sort(),
  length: (value) =>
    typeof value === "string" ? string(value).length : Array.isArray(value) ? value.length : Object.keys(object(value)).length,
  lookup: (values, key, fallback) => Object.entries(object(values)).find(([name]) => name === string(key))?.[1] ?? fallback ?? undecided(),
  lower: (text) => string(text).toLowerCase(),
  max: (...values) => Math.max(...values.map(number)),
  merge: (...values) => Object.assign({}, ...values.filter((value) => value !== null).map(object)) as unknown,
  min: (...values) => Math.min(...values.map(number)),
  one: (values) => {
    const items = list(values);
    return items.length > 1 ? undecided() : (items[0] ?? null);
  },
  parseint: (text, base) => Number.parseInt(string(text), number(base)),
  range: (...args) => range(args.map(number)),
  replace: (text, search, by) => replace(string(text), string(search), string(by)),
  reverse: (values) => list(values).toReversed(),
  regexall: (pattern, text) =>
    [...string(text).matchAll(regexp(string(pattern)))].map(([found, ...groups]) => (groups.length > 0 ? groups : found)),
  slice: (values, from, to) => sliced(values, number(from), number(to)),
  sort: (values) => (list(values).map(known) as string[]).toSorted(),
  split: (separator, text) => string(text).split(string(separator)),
  startswith: (text, start) => string(text).startsWith(string(start)),
  substr: (text, from, length) => string(text).slice(number(from), number(length) < 0 ? undefined : number(from) + number(length)),
  sum: (values) =>
    list(values)
      .map(number)
      .reduce((one, other) => one + other, 0),
  title: (text) => string(text).replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  tolist: (values) => list(values),
  tomap: (values) => object(values),
  tonumber: (value) => number(value),
  toset: (values) => unique(list(values)),
  tostring: (value) => (value instanceof Unknown ? value : piece(value)),
  trimprefix: (text, start) => (string(text).startsWith(string(start)) ? string(text).slice(string(start).length) : text),
  trimspace: (text) => string(text).trim(),
  trimsuffix: (text, end) => (string(text).endsWith(string(end)) ? string(text).slice(0, -string(end).length || undefined) : text),
  upper: (text) => string(text).toUpperCase(),
  values: (values) =>
    Object.entries(object(values))
      .toSorted(byKey)
      .map(([, value]) => value),
  zipmap: (keys, values) => Object.fromEntries(list(keys).map((key, index) => [string(key), list(values)[index]])),
};

export function undecided(): never {
  throw new NotDecided();
}

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1);

/** A value without anything unknown in it. */
export function known(value: unknown): unknown {
  if (value instanceof Unknown || (typeof value === "string" && /(?<!\$)\$\{/.test(value))) undecided();
  return value;
}

export function number(value: unknown): number {
  const found = Number(typeof value === "string" || typeof value === "number" ? known(value) : Number.NaN);
  return Number.isNaN(found) || value === "" ? undecided() : found;
}

function string(value: unknown): string {
  const found = known(value);
  return typeof found === "string" || typeof found === "number" || typeof found === "boolean" ? String(found) : undecided();
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : undecided();
}

export function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown)
    ? (value as Readonly<Record<string, unknown>>)
    : undecided();
}

/** A value as a piece of text, with an unknown one as `${…}`. */
export function piece(value: unknown): string {
  if (value instanceof Unknown) return `\${${value.text}}`;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undecided();
}

/** Whether two values are equal. */
export function same(one: unknown, other: unknown): boolean {
  const [a, b] = [known(one), known(other)];
  if (typeof a === "object" || typeof b === "object") return JSON.stringify(a) === JSON.stringify(b);
  // A number and its text are equal.
  const texts = [a, b].map((value) => (typeof value === "number" || typeof value === "string" ? String(value) : undefined));
  return a === b || (texts[0] !== undefined && texts[0] === texts[1]);
}

function unique(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map((value) => [value instanceof Unknown ? `\${${value.text}}` : JSON.stringify(value), value])).values()];
}

function flat(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value) => (Array.isArray(value) ? flat(value) : value instanceof Unknown && !value.isOne ? undecided() : [value]));
}

function range(args: readonly number[]): readonly number[] {
  const [from, to, step] = [args.length > 1 ? (args[0] ?? 0) : 0, args[1] ?? args[0] ?? 0, args[2] ?? 1];
  const count = Math.ceil((to - from) / step);
  return count > 1000 ? undecided() : Array.from({ length: Math.max(0, count) }, (_, index) => from + index * step);
}

/** A part of a list. That of an unknown list has as many items, since Terraform refuses a shorter list. */
function sliced(values: unknown, from: number, to: number): readonly unknown[] {
  if (!(values instanceof Unknown)) return list(values).slice(from, to);
  return to > 100
    ? undecided()
    : Array.from({ length: Math.max(0, to - from) }, (_, index) => new Unknown(`${values.text}[${from + index}]`));
}

function regexp(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "g");
  } catch {
    return undecided();
  }
}

function replace(text: string, search: string, by: string): string {
  const pattern = /^\/(.*)\/$/s.exec(search)?.[1];
  return pattern === undefined ? text.replaceAll(search, () => by) : text.replaceAll(regexp(pattern), by);
}

function format(pattern: string, args: readonly unknown[]): string {
  const left = [...args];
  return pattern.replaceAll(
    /%(?:%|(0?)(\d*)([sdv]))|%/g,
    (found, zero: string | undefined, width: string | undefined, verb: string | undefined) => {
      if (found === "%%") return "%";
      if (verb === undefined || left.length === 0) return undecided();
      return piece(left.shift()).padStart(Number(width), zero === "0" ? "0" : " ");
    },
  );
}
