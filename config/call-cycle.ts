interface CalledService {
  readonly name: string;
  readonly called_by: readonly string[];
}

/** Services of which each calls the next and the last is the first: `ledger, risk, ledger`. Undefined if there are none. */
export function callCycle(services: readonly CalledService[]): readonly string[] | undefined {
  const finished = new Set<string>();
  const search = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const start = path.indexOf(name);
    if (start !== -1) return [...path.slice(start), name];
    if (finished.has(name)) return undefined;
    for (const { name: called, called_by } of services) {
      const cycle = called_by.includes(name) && called !== name ? search(called, [...path, name]) : undefined;
      if (cycle) return cycle;
    }
    finished.add(name);
    return undefined;
  };
  for (const { name } of services) {
    const cycle = search(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
