import { CHANGES, type Effect } from "../../config/changes/effects";
import type { Change } from "./transitions";

/** Effects that a plan shows, the most serious first. */
const BY_SERIOUSNESS: readonly Effect[] = ["deletes data", "replacement", "creation or deletion", "deployment", "in place", "none"];

/** @throws without any effect */
export function mostSerious(effects: readonly Effect[]): Effect {
  const worst = BY_SERIOUSNESS.find((effect) => effects.includes(effect));
  if (!worst) throw new Error(`no plan shows ${effects.join()}`);
  return worst;
}

/** What a plan shows of the changes, by what docs/reference/configuration.md says of their keys. A restart of instances is a change in place. */
export function statedEffects(changes: readonly Pick<Change, "key" | "shows">[]): Readonly<Record<string, Effect | undefined>> {
  return Object.fromEntries(changes.map(({ key, shows = CHANGES[key] }) => [key, shows === "restart" ? "in place" : shows]));
}
