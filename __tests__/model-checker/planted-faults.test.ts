import { describe, expect, it, jest } from "@jest/globals";
import { type Configuration, CONFIGURATIONS, modelOf } from "./configurations";
import { explore } from "../../prove/model-checker/explore";
import { PLANTED_FAULTS } from "./planted-faults";
import type { Platform } from "../../prove/model-checker/platform";
import { throttlingViolations } from "../../prove/model-checker/throttling";

jest.setTimeout(120_000);

const baselines = new Map<string, ReadonlySet<string>>();

function violations(configuration: Configuration, troubles: number, plant?: (platform: Platform) => Platform): ReadonlySet<string> {
  const budgets = { ...configuration.budgets, troubles };
  const { model, start } = modelOf({ ...configuration, budgets }, plant);
  return new Set(
    [...explore(model, start).violations, ...throttlingViolations(model, start)].map(
      ({ invariant, sentence }) => `(${invariant}) ${sentence}`,
    ),
  );
}

function baseline(configuration: Configuration, troubles: number): ReadonlySet<string> {
  const key = `${configuration.name} ${troubles}`;
  const known = baselines.get(key) ?? violations(configuration, troubles);
  baselines.set(key, known);
  return known;
}

describe("a fault that is planted in the definitions", () => {
  it.each(PLANTED_FAULTS)("violates invariant $invariant: $name", ({ invariant, configuration: name, troubles = 1, plant }) => {
    const configuration = CONFIGURATIONS.find((each) => each.name === name);
    if (!configuration) throw new Error(`there is no configuration ${name}`);
    const found = [...violations(configuration, troubles, plant)].filter((violation) => !baseline(configuration, troubles).has(violation));
    expect(found.filter((violation) => violation.startsWith(`(${invariant})`))).not.toEqual([]);
  });

  it("fails loudly when it finds nothing to change", () => {
    const { model } = modelOf(CONFIGURATIONS[0] as Configuration);
    const empty = new Map(
      [...model.platform.takeovers].map(([region]) => [region, { StartAt: "Done", States: { Done: { Type: "Succeed" } } }]),
    );
    const platform = {
      ...model.platform,
      takeovers: empty,
      fences: new Set<string>(),
      dns: { ...model.platform.dns, records: [], checks: new Map() },
    };
    for (const { plant } of PLANTED_FAULTS) expect(() => plant(platform)).toThrow(/nothing to change|there is no state/);
  });
});
