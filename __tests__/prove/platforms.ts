import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { everyStack } from "../support/synthesized";

/** Every stack of a configuration, by its name. */
export function stacksOf(overrides: Readonly<Record<string, unknown>>): readonly (readonly [name: string, json: TerraformJson])[] {
  return [...everyStack(overrides)].map(([name, { json }]) => [name, json as TerraformJson] as const);
}

export function graphsOf(overrides: Readonly<Record<string, unknown>>): readonly Graph[] {
  return stacksOf(overrides).map(([name, json]) => new Graph(name, json));
}

/** What a configuration gives up by its own choice, with the key that says so. */
export const GIVEN_UP: Readonly<Record<string, readonly string[]>> = {
  // network.nat = "single"
  "service-connect": ["Z2"],
  ephemeral: ["Z2"],
  // standby = "warm": one database instance, and a task in each zone
  "warm-standby": ["Z4", "Z5"],
  // and standby = "pilot-light": network ACLs allow the cache, which is created when the region becomes the primary
  "three-regions": ["Z4", "Z5", "R6"],
  "pilot-light": ["R6"],
  // protect = true, and backup.vault_lock
  protected: ["X1", "X3"],
};

const IN_SUBNETS = ["Z1", "Z2", "Z3", "Z5", "Z8", "R1", "R2", "R3", "R4", "R6", "R7"];

/** Claims that nobody can decide from the JSON, because a part has another owner. */
export const OTHER_OWNERS: Readonly<Record<string, readonly string[]>> = {
  "existing-vpc": IN_SUBNETS,
  "existing-vpc-closed": IN_SUBNETS,
};
