import type { Graph } from "./graph";

/**
 * The stacks of one environment. Stacks of the same name in several folders are of several environments, and their names begin with the
 * folder. Stacks whose name is in one folder only belong to every environment.
 */
export function environmentOf({ name }: Graph, stacks: readonly Graph[]): readonly Graph[] {
  const folder = (of: string): string => of.slice(0, Math.max(0, of.lastIndexOf("/")));
  return folder(name) === "" ? stacks : stacks.filter((other) => ["", folder(name)].includes(folder(other.name)));
}

/** Modules that a stack calls, whose resources are not in its JSON. */
export function modulesOf({ json }: Graph): readonly string[] {
  return Object.keys(json.module ?? {}).map((name) => `module.${name}`);
}
