import { describe, expect, it, jest } from "@jest/globals";
import { CONFIGURATIONS, modelOf } from "./configurations";
import { explore } from "./explore";
import { report } from "./story";
import { throttlingViolations } from "./throttling";

jest.setTimeout(120_000);

describe("whatever fails during a takeover, within the budgets", () => {
  it.each(CONFIGURATIONS.map((configuration) => [configuration.name, configuration] as const))(
    "the definitions violate no invariant: %s",
    (name, configuration) => {
      const { model, start } = modelOf(configuration);
      const explored = explore(model, start);
      const violations = [...explored.violations, ...throttlingViolations(model, start)];
      console.info(
        `${name}: ${explored.states} states, ${explored.transitions} transitions, ${explored.seconds.toFixed(1)} s, budgets ${JSON.stringify(configuration.budgets)}`,
      );
      expect(violations.map((violation) => report(name, violation))).toEqual([]);
    },
  );
});
