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

  it("lists the results by region, with violations and notes", () => {
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
        "1 of 3 checks pass, 1 fails, 1 is unknown.",
      ].join("\n"),
    );
    expect(table([pass])).toMatch(/\n1 of 1 checks pass\.$/);
  });

  it("prints the same results as JSON", () => {
    expect(JSON.parse(json([pass, fail, unknown]))).toEqual([pass, fail, unknown]);
  });

  it("exits with 0 when all checks pass, 3 when one fails, and 1 when one is unknown", () => {
    expect([[pass], [pass, fail], [pass, unknown], [fail, unknown]].map(exitCode)).toEqual([0, 3, 1, 1]);
  });
});
