import type { Graph } from "./graph";

/**
 * The stacks of one environment. Stacks of the same name in several folders are of several environments, and their names begin with the
 * folder. Stacks whose name is in one folder only belong to every environment.
 */
export function environmentOf({ name }: Graph, stacks: readonly Graph[]): readonly Graph[] {
  return folderOf(name) === "" ? stacks : stacks.filter((other) => ["", folderOf(name)].includes(folderOf(other.name)));
}

/** The environments of all stacks, each with its stacks. */
export function environmentsOf(stacks: readonly Graph[]): readonly (readonly Graph[])[] {
  const named = stacks.filter(({ name }) => folderOf(name) !== "");
  const firsts = named.filter(({ name }, index) => named.findIndex((other) => folderOf(other.name) === folderOf(name)) === index);
  return firsts.length === 0 ? [stacks] : firsts.map((first) => environmentOf(first, stacks));
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

/** Modules that a stack calls, whose resources are not in its JSON. */
export function modulesOf({ json }: Graph): readonly string[] {
  return Object.keys(json.module ?? {}).map((name) => `module.${name}`);
}
