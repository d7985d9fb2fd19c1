import { createHash } from "node:crypto";

/** What the load balancer leads requests of validation to: a place among the services, by a name that none of them has. */
export const VALIDATION_ROUTE = "validation";

const HIGHEST_PRIORITY = 50_000;

/**
 * A rule's place among the others follows from the name of what it leads to: a new rule moves none. Which is first does
 * not matter, because no two services' paths overlap; that no two places are the same is checked with the configuration.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 */
export function priorityOf(name: string): number {
  return 1 + (createHash("sha256").update(name).digest().readUInt32BE() % HIGHEST_PRIORITY);
}

/**
 * Whether some path fits both patterns of the load balancer: `*` stands for any characters, or none, `?` for one.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export function patternsOverlap(one: string, other: string): boolean {
  const known = new Map<number, boolean>();
  /** Whether some text fits both patterns from these places on. */
  const meet = (i: number, j: number): boolean => {
    const place = i * (other.length + 1) + j;
    const answer = known.get(place) ?? fit(i, j);
    known.set(place, answer);
    return answer;
  };
  const fit = (i: number, j: number): boolean => {
    const [a, b] = [one[i], other[j]];
    // A star either ends here, or takes whatever the other pattern has next.
    if (a === "*") return meet(i + 1, j) || (b !== undefined && meet(i, j + 1));
    if (b === "*") return meet(i, j + 1) || (a !== undefined && meet(i + 1, j));
    if (a === undefined || b === undefined) return a === b;
    return (a === b || a === "?" || b === "?") && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}
