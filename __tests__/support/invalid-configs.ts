import { describe, expect, it } from "@jest/globals";
import { ConfigError, type Problem } from "../../config/errors";
import { aConfig } from "./config";

/** An invalid configuration, the expected message, and a similar valid configuration. */
export interface InvalidConfig {
  readonly title: string;
  readonly bad: object;
  readonly where: string;
  readonly says: RegExp;
  readonly good: object;
}

export function problemsOf(overrides: object): readonly Problem[] {
  try {
    aConfig({ ...overrides });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Tests both sides of every rule: one problem at one key with this message, and none for the valid configuration. */
export function describeInvalidConfigs(configs: readonly InvalidConfig[]): void {
  describe("a configuration is rejected", () => {
    it.each([...configs])("with $title", ({ bad, where, says }) => {
      const problems = problemsOf(bad);
      expect(problems.map((problem) => problem.where)).toEqual([where]);
      const [problem] = problems;
      expect(`${problem?.why} ${problem?.instead}`).toMatch(says);
      expect(problem?.instead).not.toBe("");
      // A cure is words, with a value in quotation marks; the link has its own place.
      expect(problem?.instead.replaceAll(/"[^"]*"/g, "")).not.toMatch(/https?:/);
    });
  });

  describe("a configuration is accepted", () => {
    it.each([...configs])("on the other side of: $title", ({ good }) => {
      expect(problemsOf(good)).toEqual([]);
    });
  });
}
