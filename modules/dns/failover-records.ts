/** A target of the failover: the DNS name of a region, or a host outside the platform. */
export interface FailoverTarget {
  /** Distinguishes it from other targets in record names and addresses: the region, or `fallback`. */
  readonly id: string;
  readonly host: string;
  /** Whether it has a health check. */
  readonly checked: boolean;
}

export interface FailoverRecord {
  /** Part of its address: the role, and for further names of a chain their first target. */
  readonly id: string;
  readonly name: string;
  readonly role: "PRIMARY" | "SECONDARY";
  /** Value of the CNAME record. */
  readonly host: string;
  /** The calculated check of the record, by its id. A record that points to a host outside, or to records that end there, has none. */
  readonly healthOf: string | undefined;
  /** The role, not the target: when the primary region changes permanently, Terraform changes the targets in place. */
  readonly setIdentifier: "primary" | "secondary";
}

/**
 * A failover record of Route 53 has a primary and a secondary. More targets form a chain: the secondary of the first name is
 * another name, whose primary is the next target. A single target is a primary without a secondary, so that another target
 * can be added later without a moment in which the name has no record.
 * @param name that clients resolve
 * @param targets in the order of preference
 */
export function failoverRecords(name: string, targets: readonly FailoverTarget[], prefix = ""): FailoverRecord[] {
  const [first, second, ...others] = targets;
  if (!first) throw new Error("failover records require a target");
  const record = (role: FailoverRecord["role"], host: string, healthOf: string | undefined): FailoverRecord => {
    const setIdentifier = role === "PRIMARY" ? "primary" : "secondary";
    return { id: `${prefix}${setIdentifier}`, name, role, host, healthOf, setIdentifier };
  };
  const primary = record("PRIMARY", first.host, first.id);
  if (!second) return [primary];
  if (others.length === 0) return [primary, record("SECONDARY", second.host, second.checked ? second.id : undefined)];
  const next = `${second.id}.next.${name}`;
  const ends = targets.every(({ checked }) => checked) ? chainId(second) : undefined;
  return [primary, record("SECONDARY", next, ends), ...failoverRecords(next, [second, ...others], `${second.id}-next-`)];
}

/** A health check of the endpoint of a region, or of its DNS hold, and the child of a calculated one. */
export interface EndpointCheck {
  /** Part of its name and address: the region, or the region and `holds` or `not-holds`. */
  readonly id: string;
  readonly target: FailoverTarget;
  readonly kind: "endpoint" | "holds" | "not-holds";
}

/** A check that is healthy while at least `threshold` of its children are. */
export interface CalculatedCheck {
  /** The region, or the chain that begins with it. */
  readonly id: string;
  readonly children: readonly EndpointCheck[];
  readonly threshold: number;
}

/**
 * The check that decides about the records of a region: the region answers, or holds DNS, and no region that DNS prefers less
 * holds DNS. Route 53 evaluates it without its control plane. A region that is lost cannot be seen to hold DNS, so its hold
 * changes nothing. With a host outside the platform as the last target, a hold does not replace the answer of the region.
 *
 * A calculated check cannot be the child of another one. "Answers or holds, and none of n others holds" is therefore a sum:
 * each of the first two counts once, each of the n others twice, and at least 2n + 1 are required.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 */
export function calculatedChecks(targets: readonly FailoverTarget[]): CalculatedCheck[] {
  const regions = targets.filter(({ checked }) => checked);
  const hasFallback = targets.length > regions.length;
  return regions.map((target, index) => {
    const later = regions.slice(index + 1);
    const canHold = index > 0 && !hasFallback;
    const own: EndpointCheck[] = [
      { id: target.id, target, kind: "endpoint" },
      ...(canHold ? [{ id: `${target.id}-holds`, target, kind: "holds" } as const] : []),
    ];
    const copies = canHold ? ["not-holds", "not-holds-again"] : ["not-holds"];
    const others = later.flatMap((other) =>
      copies.map((copy) => ({ id: `${other.id}-${copy}`, target: other, kind: "not-holds" }) as const),
    );
    return { id: target.id, children: [...own, ...others], threshold: others.length + 1 };
  });
}

/**
 * The checks of the records that point to a chain: one of its regions answers or holds DNS. Without it, such a record counts as
 * healthy, and clients would be routed into the chain also while no region answers, and not to the region that can write.
 * A chain that ends with a host outside the platform always has an answer.
 */
export function chainChecks(targets: readonly FailoverTarget[]): CalculatedCheck[] {
  if (!targets.every(({ checked }) => checked)) return [];
  return targets.slice(1, -1).map((target, index) => ({
    id: chainId(target),
    children: targets
      .slice(index + 1)
      .flatMap((one) => [
        { id: one.id, target: one, kind: "endpoint" } as const,
        { id: `${one.id}-holds`, target: one, kind: "holds" } as const,
      ]),
    threshold: 1,
  }));
}

const chainId = ({ id }: FailoverTarget): string => `${id}-next`;
