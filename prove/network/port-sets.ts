import type { Ports } from "./ranges";

/** Ports that two sets share. */
export function shared(one: readonly Ports[], other: readonly Ports[]): readonly Ports[] {
  return one.flatMap(([from, to]) =>
    other.flatMap(([first, last]): readonly Ports[] => (from <= last && first <= to ? [[Math.max(from, first), Math.min(to, last)]] : [])),
  );
}

/** Ports of a set that are in none of the others. */
export function without(ports: readonly Ports[], others: readonly Ports[]): readonly Ports[] {
  return others.reduce<readonly Ports[]>(
    (left, [first, last]) =>
      left.flatMap(([from, to]): readonly Ports[] => {
        if (last < from || to < first) return [[from, to]];
        const parts: readonly Ports[] = [
          [from, first - 1],
          [last + 1, to],
        ];
        return parts.filter(([start, end]) => start <= end);
      }),
    ports,
  );
}

/** Ports as text: `443`, `1024 to 65535`. */
export function portNames(ports: readonly Ports[]): string {
  return ports.map(([from, to]) => (from === to ? String(from) : `${from} to ${to}`)).join(", ");
}
