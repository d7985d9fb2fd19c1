/** A target of the failover: the DNS name of a region, or a host outside the platform. */
export interface FailoverTarget {
  /** Distinguishes it from other targets in record names and addresses: the region, or `fallback`. */
  readonly id: string;
  readonly host: string;
  /** Whether it has a health check. */
  readonly checked: boolean;
}

export interface FailoverRecord {
  readonly name: string;
  readonly role: "PRIMARY" | "SECONDARY";
  /** Value of the CNAME record. */
  readonly host: string;
  /** Target whose health check the record has. The last record has none: Route 53 returns it when all others are unhealthy. */
  readonly healthOf: string | undefined;
  readonly setIdentifier: string;
}

/**
 * A failover record of Route 53 has a primary and a secondary. More targets form a chain: the secondary of the first name is
 * another name, whose primary is the next target.
 * @param name that clients resolve
 * @param targets in the order of preference, at least two
 */
export function failoverRecords(name: string, targets: readonly FailoverTarget[]): FailoverRecord[] {
  const [first, second, ...others] = targets;
  if (!first || !second) throw new Error("failover records require at least two targets");
  const primary: FailoverRecord = { name, role: "PRIMARY", host: first.host, healthOf: first.id, setIdentifier: first.id };
  if (others.length === 0) return [primary, { name, role: "SECONDARY", host: second.host, healthOf: undefined, setIdentifier: second.id }];
  const next = `${second.id}.next.${name}`;
  return [
    primary,
    { name, role: "SECONDARY", host: next, healthOf: undefined, setIdentifier: `${second.id}-and-next` },
    ...failoverRecords(next, [second, ...others]),
  ];
}
