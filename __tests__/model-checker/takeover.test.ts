import { describe, expect, it, jest } from "@jest/globals";
import { CONFIGURATIONS, modelOf } from "./configurations";
import { explore } from "./explore";
import { report } from "./story";
import { throttlingViolations } from "./throttling";

/** Invariants that the definitions violate, by configuration. Empty when every configuration satisfies every invariant. */
const KNOWN_VIOLATIONS: Readonly<Record<string, readonly string[]>> = {
  "hot standby": ["a", "b", "d", "g"],
  "hot standby, two executions": ["a", "b", "d", "e", "g"],
  "warm standby": ["a", "b", "d", "g"],
  "pilot-light standby": ["a", "b", "d", "g"],
  "hot standby, after a takeover": ["a", "b", "d", "g"],
  "hot standby, after a rewind in the first region": ["a", "b", "d", "g", "i"],
  "hot standby, after a takeover and a rewind": ["a", "b", "d", "g", "i"],
  "warm standby, with scheduled ranges": ["a", "b", "d", "g", "h"],
  "hot standby, with a high lag": ["a", "b", "d", "g"],
  "three regions": ["a", "b", "d", "e", "g"],
};

jest.setTimeout(120_000);

describe("whatever fails during a takeover, within the budgets", () => {
  it.each(CONFIGURATIONS.map((configuration) => [configuration.name, configuration] as const))(
    "the definitions violate no invariant except the recorded ones: %s",
    (name, configuration) => {
      const { model, start } = modelOf(configuration);
      const explored = explore(model, start);
      const violations = [...explored.violations, ...throttlingViolations(model, start)];
      console.info(
        `${name}: ${explored.states} states, ${explored.transitions} transitions, ${explored.seconds.toFixed(1)} s, budgets ${JSON.stringify(configuration.budgets)}`,
      );
      const unknown = violations.filter(({ invariant }) => KNOWN_VIOLATIONS[name]?.includes(invariant) !== true);
      expect(unknown.map((violation) => report(name, violation))).toEqual([]);
      expect(new Set(violations.map(({ invariant }) => invariant))).toEqual(new Set(KNOWN_VIOLATIONS[name] ?? []));
    },
  );
});
