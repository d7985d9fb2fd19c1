import { describe, expect, it } from "@jest/globals";
import { CLAIMS, prove } from "../../prove/claims";
import { Graph } from "../../prove/graph/graph";
import { CONFIGURATIONS, EACH_PRESET } from "../support/configurations";
import { stacksOf } from "./platforms";
import { SABOTAGES } from "./sabotages";
import { sabotaged } from "./sabotages/sabotage";

const claimed = (claim: string, graphs: readonly Graph[]): string | undefined =>
  prove(
    graphs,
    CLAIMS.filter(({ id }) => id === claim),
  )[0]?.status;

const isTriedIn = (name: string, configuration: string | undefined): boolean =>
  configuration === undefined ? name in EACH_PRESET : configuration === name;

describe("a sabotage of one attribute", () => {
  const further = Object.entries(CONFIGURATIONS).filter(([name]) => SABOTAGES.some(({ configuration }) => configuration === name));
  const cases = [...Object.entries(EACH_PRESET), ...further].flatMap(([preset, overrides]) => {
    const stacks = stacksOf(overrides);
    const untouched = stacks.map(([name, json]) => new Graph(name, json));
    const proven = new Map(prove(untouched).map(({ id, status }) => [id, status === "proven"]));
    return stacks.flatMap(([stack, json], index) =>
      SABOTAGES.filter(({ claim, configuration }) => proven.get(claim) && isTriedIn(preset, configuration)).flatMap((sabotage) => {
        const broken = sabotaged(stack, json, sabotage);
        return broken === undefined ? [] : [{ preset, stack, sabotage, graphs: untouched.with(index, new Graph(stack, broken)) }];
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
  )("is refuted by %s", (_, { sabotage, graphs }) => {
    expect(claimed(sabotage.claim, graphs)).toBe("refuted");
  });

  it("exists for every claim, and each kind of it changes at least one configuration", () => {
    expect(CLAIMS.map(({ id }) => id).filter((id) => !SABOTAGES.some(({ claim }) => claim === id))).toEqual([]);
    const tried = new Set(cases.map(({ sabotage }) => sabotage));
    expect(
      SABOTAGES.filter((sabotage) => !tried.has(sabotage)).map(({ claim, type, id, path }) => [claim, type, String(id), path]),
    ).toEqual([]);
    process.stderr.write(`Sabotages: ${cases.length} of ${SABOTAGES.length} kinds, over ${Object.keys(EACH_PRESET).length} presets.\n`);
  });

  it("is tried in at least 120 cases, in every preset and in both regions", () => {
    expect(cases.length).toBeGreaterThanOrEqual(120);
    expect([...new Set(cases.map(({ preset }) => preset))]).toEqual(expect.arrayContaining(Object.keys(EACH_PRESET)));
    for (const stack of ["us-east-1", "us-west-2"]) expect(cases.map((one) => one.stack)).toContain(stack);
  });
});
