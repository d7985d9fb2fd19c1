import type { Interface, Member } from "./sources";

/** A property of the props of a construct, with the interface that declares it. */
export interface Input extends Member {
  readonly declaredIn: string;
}

const PICK_OR_OMIT = /^(Pick|Omit)<\s*(\w+),\s*(.*?)\s*>$/s;

/** The properties of an interface: its own, and those of the interfaces that it extends. @param type as it is in the source */
export function inputsOf(type: string, interfaces: readonly Interface[]): readonly Input[] {
  const [, change, of = "", keys = ""] = PICK_OR_OMIT.exec(type) ?? [];
  if (change !== undefined) {
    const names = [...keys.matchAll(/"(\w+)"/g)].map(([, name]) => name);
    return inputsOf(of, interfaces).filter(({ name }) => names.includes(name) === (change === "Pick"));
  }
  const found = interfaces.find(({ name }) => name === type);
  if (!found) return [];
  const own = found.members.map((member) => ({ ...member, declaredIn: found.name }));
  const inherited = found.bases.flatMap((base) => inputsOf(base, interfaces));
  return [...own, ...inherited.filter(({ name }) => !own.some((member) => member.name === name))];
}
