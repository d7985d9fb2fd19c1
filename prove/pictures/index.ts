import type { Graph } from "../graph/graph";
import { network } from "./network";
import { overview } from "./overview";
import { takeover } from "./takeover";

/** The pictures of a platform by their names. One without a second region has no takeover. */
export function picturesOf(stacks: readonly Graph[]): ReadonlyMap<string, string> {
  const all = [
    ["overview", overview(stacks)],
    ["network", network(stacks)],
    ["takeover", takeover(stacks)],
  ] as const;
  return new Map(all.flatMap(([name, svg]) => (svg === undefined ? [] : [[name, svg]])));
}
