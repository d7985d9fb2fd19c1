/** A place that can serve: a region's own entry, or a host outside the platform. */
export interface Place {
  /** Tells it apart from the others in record names and addresses: the region, or `fallback`. */
  readonly id: string;
  readonly host: string;
  /** Whether it is watched by a health check. */
  readonly checked: boolean;
}

export interface FailoverRecord {
  readonly name: string;
  readonly role: "PRIMARY" | "SECONDARY";
  /** Host that the name stands for while the record is chosen. */
  readonly host: string;
  /** The place whose health decides. A last resort has none: it is served when nothing else is left. */
  readonly healthOf: string | undefined;
  readonly setIdentifier: string;
}

/**
 * Failover records of Route 53 know a primary and a secondary. More places make a chain: the secondary of the first
 * name is a name of its own, with the next place as its primary.
 * @param name what clients ask for
 * @param places in the order in which they serve; at least two
 */
export function failoverRecords(name: string, places: readonly Place[]): FailoverRecord[] {
  const [first, second, ...others] = places;
  if (!first || !second) throw new Error("a failover needs two places");
  const primary: FailoverRecord = { name, role: "PRIMARY", host: first.host, healthOf: first.id, setIdentifier: first.id };
  if (others.length === 0) return [primary, { name, role: "SECONDARY", host: second.host, healthOf: undefined, setIdentifier: second.id }];
  const next = `${second.id}.next.${name}`;
  return [
    primary,
    { name, role: "SECONDARY", host: next, healthOf: undefined, setIdentifier: `${second.id}-and-next` },
    ...failoverRecords(next, [second, ...others]),
  ];
}
