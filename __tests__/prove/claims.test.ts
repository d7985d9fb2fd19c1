import { describe, expect, it } from "@jest/globals";
import { CLAIMS, prove } from "../../prove/claims";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { CONFIGURATIONS, EACH_PRESET } from "../support/configurations";
import { everyStack } from "../support/synthesized";
import { SABOTAGES, sabotaged } from "./sabotages";

const graphsOf = (overrides: Readonly<Record<string, unknown>>): readonly Graph[] =>
  [...everyStack(overrides)].map(([name, { json }]) => new Graph(name, json as TerraformJson));

/** What a configuration gives up by its own choice, with the key that says so. */
const GIVEN_UP: Readonly<Record<string, readonly string[]>> = {
  // network.nat = "single"
  "service-connect": ["Z2"],
  ephemeral: ["Z2"],
  // standby = "warm": one database instance, and a task in each zone
  "warm-standby": ["Z4", "Z5"],
  "three-regions": ["Z4", "Z5"],
};

describe.each(Object.entries(CONFIGURATIONS))("the configuration %s", (name, overrides) => {
  it("refutes no claim, apart from those that it gives up", () => {
    const refuted = prove(graphsOf(overrides)).filter(({ status }) => status === "refuted");
    expect(refuted.filter(({ id }) => !GIVEN_UP[name]?.includes(id)).map(({ id, stack, because }) => `${id} ${stack}: ${because}`)).toEqual(
      [],
    );
    expect([...new Set(refuted.map(({ id }) => id))].sort()).toEqual([...(GIVEN_UP[name] ?? [])].sort());
  });
});

describe("a sabotage of one attribute", () => {
  const cases = Object.entries(EACH_PRESET).flatMap(([preset, overrides]) => {
    const stacks = [...everyStack(overrides)].map(([name, { json }]) => [name, json as TerraformJson] as const);
    return stacks.flatMap(([stack, json]) =>
      SABOTAGES.flatMap((sabotage) => {
        const broken = sabotaged(json, sabotage);
        return broken === undefined
          ? []
          : [{ preset, stack, sabotage, graphs: stacks.map(([name, whole]) => new Graph(name, name === stack ? broken : whole)) }];
      }),
    );
  });

  it.each(
    cases.map(
      (one) =>
        [
          `${one.sabotage.claim}: ${one.sabotage.path} of ${one.sabotage.type} ${String(one.sabotage.id)} in ${one.stack} of ${one.preset}`,
          one,
        ] as const,
    ),
  )("is refuted by %s", (_, { sabotage, stack, graphs }) => {
    const results = prove(
      graphs,
      CLAIMS.filter(({ id }) => id === sabotage.claim),
    );
    expect(results.filter((result) => result.stack === stack).map(({ status }) => status)).toEqual(["refuted"]);
  });

  it("exists for every claim, in at least 120 cases", () => {
    expect(CLAIMS.map(({ id }) => id).filter((id) => !SABOTAGES.some(({ claim }) => claim === id))).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(120);
    process.stderr.write(`Sabotages: ${cases.length} of ${SABOTAGES.length} kinds, over ${Object.keys(EACH_PRESET).length} presets.\n`);
  });
});
