type Event = Readonly<Record<string, unknown>>;
type Matches = (value: unknown) => boolean;

/**
 * Whether EventBridge would let an event through a pattern. It knows what the platform's patterns use, and what they are
 * likely to use.
 * @throws on an operator that it does not know, even one that this event would never reach
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @see https://github.com/aws/event-ruler, the matcher behind EventBridge
 */
export function matchesPattern(pattern: object, event: object): boolean {
  return objectMatcher(pattern)(event);
}

/** All of the named fields must match, in one and the same object where the event has a list of them. */
function objectMatcher(pattern: object): Matches {
  const fields = Object.entries(pattern).map(([name, wanted]): Matches => {
    if (name === "$or") return anyOf(alternatives(wanted));
    const matches = fieldMatcher(name, wanted);
    return (object) => matches(field(object, name));
  });
  return (value) => elements(value).some((element) => fields.every((matches) => matches(element)));
}

function fieldMatcher(name: string, wanted: unknown): Matches {
  if (Array.isArray(wanted)) {
    const matches = anyOf(wanted.map(valueMatcher));
    // Only what is neither a list nor an object is a value; anything else is as if it were not there.
    return (value) => elements(value).some((element) => matches(typeof element === "object" && element !== null ? undefined : element));
  }
  if (typeof wanted === "object" && wanted !== null) return objectMatcher(wanted);
  throw new Error(`"${name}" must be an object or an array`);
}

function alternatives(wanted: unknown): Matches[] {
  if (!Array.isArray(wanted) || wanted.length < 2) throw new Error('"$or" must be an array of at least two objects');
  return (wanted as object[]).map(objectMatcher);
}

function valueMatcher(wanted: unknown): Matches {
  if (typeof wanted !== "object" || wanted === null) return (value) => value === wanted;
  const [[operator, argument] = ["", undefined], ...others] = Object.entries(wanted);
  const make = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!make || others.length > 0) throw new Error(`unknown operator ${JSON.stringify(wanted)}`);
  return make(argument);
}

const OPERATORS: Readonly<Record<string, (argument: unknown) => Matches>> = {
  exists: (wanted) => (value) => (value !== undefined) === wanted,
  prefix: text((value, start) => value.startsWith(start)),
  suffix: text((value, end) => value.endsWith(end)),
  "equals-ignore-case": text((value, other) => value.toLowerCase() === other.toLowerCase()),
  "anything-but": (excluded) => {
    const isExcluded = anyOf(listed(excluded).map(valueMatcher));
    return (value) => value !== undefined && !isExcluded(value);
  },
  numeric: (range) => {
    const limits = limitsOf(range);
    return (value) => typeof value === "number" && limits.every((fits) => fits(value));
  },
};

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  "=": (value, limit) => value === limit,
  ">=": (value, limit) => value >= limit,
  ">": (value, limit) => value > limit,
};

/** From `[">", 0, "<=", 5]`. */
function limitsOf(range: unknown): ((value: number) => boolean)[] {
  const [comparison, limit, ...others] = listed(range);
  const compare = COMPARISONS[String(comparison)];
  if (!compare || typeof limit !== "number") throw new Error(`unknown comparison ${JSON.stringify(range)}`);
  return [(value) => compare(value, limit), ...(others.length > 0 ? limitsOf(others) : [])];
}

function text(matches: (value: string, argument: string) => boolean): (argument: unknown) => Matches {
  return (argument) => {
    if (typeof argument !== "string") throw new Error(`unknown operator: no text but ${JSON.stringify(argument)}`);
    return (value) => typeof value === "string" && matches(value, argument);
  };
}

function anyOf(matchers: readonly Matches[]): Matches {
  return (value) => matchers.some((matches) => matches(value));
}

/** EventBridge looks through lists, and lists of lists; an empty one is as if it were not there. */
function elements(value: unknown): unknown[] {
  const flat = Array.isArray(value) ? (value.flat(Infinity) as unknown[]) : [value];
  return flat.length > 0 ? flat : [undefined];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Event)[name] : undefined;
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}
