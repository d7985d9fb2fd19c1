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
  // backup.retention_days = 1, of ephemeral = true
  ephemeral: ["Z2", "B6"],
  // standby = "warm": one database instance, and a task in each zone
  "warm-standby": ["Z4", "Z5", "B2"],
  // standby = "pilot-light": no database instance, and without one no lag
  "pilot-light": ["B2", "B5", "B5b"],
  "existing-vpc-closed": ["B2", "B5", "B5b"],
  "three-regions": ["Z4", "Z5", "B2", "B5", "B5b"],
};

const IN_SUBNETS = ["Z1", "Z2", "Z3", "Z5", "Z8", "R1", "R2", "R3", "R4"];

/** Claims that nobody can decide from the JSON, because a part has another owner. */
export const OTHER_OWNERS: Readonly<Record<string, readonly string[]>> = {
  "existing-vpc": [...IN_SUBNETS, "B9"],
  "existing-vpc-closed": IN_SUBNETS,
};
