import { describe, expect, it } from "@jest/globals";
import type { Result } from "../../../commands/verify/check";
import { exitCode, json, table } from "../../../commands/verify/report";

describe("the report", () => {
  const result = (region: string, requirement: string, one: Partial<Result> = {}): Result => ({
    region,
    requirement,
    requirementIds: ["S000-1.1"],
    result: "pass",
    violations: [],
    notes: [],
    ...one,
  });
  const [pass, fail, unknown] = [
    result("us-east-1", "A holds", { notes: ["worth knowing"] }),
    result("us-east-1", "B holds", {
      result: "fail",
      violations: ["b-1 is gone", "b-2 is late"],
      requirementIds: ["S000-1.1", "S000-1.2"],
    }),
    result("failover", "C holds", { result: "unknown", violations: ["AccessDenied: no"], requirementIds: [] }),
  ];

  it("shows region by region what holds, what does not and what could not be asked", () => {
    expect(table([pass, fail, unknown])).toBe(
      [
        "us-east-1",
        "  ✓ A holds  (S000-1.1)",
        "      worth knowing",
        "  ✗ B holds  (S000-1.1, S000-1.2)",
        "      b-1 is gone",
        "      b-2 is late",
        "",
        "failover",
        "  ? C holds",
        "      AccessDenied: no",
        "",
        "1 of 3 requirements hold, 1 does not, 1 could not be asked.",
      ].join("\n"),
    );
    expect(table([pass])).toMatch(/\n1 of 1 requirements hold\.$/);
  });

  it("gives programs the same as JSON", () => {
    expect(JSON.parse(json([pass, fail, unknown]))).toEqual([pass, fail, unknown]);
  });

  it("ends with 0 when all holds, 3 when something does not, and 1 when something could not be asked", () => {
    expect([[pass], [pass, fail], [pass, unknown], [fail, unknown]].map(exitCode)).toEqual([0, 3, 1, 1]);
  });
});
