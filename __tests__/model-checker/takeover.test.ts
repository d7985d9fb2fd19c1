import { describe, expect, it, jest } from "@jest/globals";
import { clientOptions } from "../../modules/runbooks/region-control/settings";
import { CONFIGURATIONS, modelOf } from "./configurations";
import { explore } from "../../prove/model-checker/explore";
import { report } from "../../prove/model-checker/story";
import { throttlingViolations } from "../../prove/model-checker/throttling";

jest.setTimeout(120_000);

describe("a throttled call inside the function", () => {
  it("is repeated by its client, so that the model leaves it out", () => {
    expect(clientOptions("us-east-1").maxAttempts).toBeGreaterThan(1);
  });
});

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
