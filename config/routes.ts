import { createHash } from "node:crypto";
import { HOLD_PRIORITY } from "./dns-hold";

/** Name of the listener rule of the validation function. No service can have this name. */
export const VALIDATION_ROUTE = "validation";

const HIGHEST_PRIORITY = 50_000;

/**
 * The priority of a listener rule is derived from the name of its target, so that a new rule changes no other. The order
 * of the rules has no effect, because the paths of services do not overlap. A configuration rule rejects equal priorities.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 */
export function priorityOf(name: string): number {
  const priority = 1 + (createHash("sha256").update(name).digest().readUInt32BE() % HIGHEST_PRIORITY);
  return priority === HOLD_PRIORITY ? HIGHEST_PRIORITY : priority;
}

/**
 * Whether a path can match both path patterns of the load balancer. `*` matches zero or more characters, `?` exactly one.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export function patternsOverlap(one: string, other: string): boolean {
  const known = new Map<number, boolean>();
  /** Whether a text can match both patterns from these positions. */
  const meet = (i: number, j: number): boolean => {
    const position = i * (other.length + 1) + j;
    const result = known.get(position) ?? fit(i, j);
    known.set(position, result);
    return result;
  };
  const fit = (i: number, j: number): boolean => {
    const [a, b] = [one[i], other[j]];
    // A star ends here, or matches the next character of the other pattern.
    if (a === "*") return meet(i + 1, j) || (b !== undefined && meet(i, j + 1));
    if (b === "*") return meet(i, j + 1) || (a !== undefined && meet(i + 1, j));
    if (a === undefined || b === undefined) return a === b;
    return (a === b || a === "?" || b === "?") && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}
