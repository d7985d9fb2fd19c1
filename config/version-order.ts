/**
 * Whether a version can be newer than every listed one of its line: `16.14` after `16.13`, `3.10.5` after `3.10.4`, or of a
 * line after all listed lines. AWS adds such versions. It does not add older ones again.
 */
export function isNewer(version: string, listed: readonly string[]): boolean {
  const [line, number] = split(version);
  const others = listed.map(split);
  const numbers = others.filter(([other]) => compare(other, line) === 0).map(([, other]) => other);
  return numbers.length > 0 ? numbers.every((other) => other < number) : others.every(([other]) => compare(other, line) < 0);
}

/** The numbers of a version: its line, and its number in the line. */
function split(version: string): readonly [line: readonly number[], number: number] {
  const numbers = (version.match(/\d+/g) ?? []).map(Number);
  return [numbers.slice(0, -1), numbers.at(-1) ?? 0];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((number, place) => number !== other[place]);
  return index === -1 ? one.length - other.length : (one[index] ?? 0) - (other[index] ?? 0);
}
