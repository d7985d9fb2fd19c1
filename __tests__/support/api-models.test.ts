import { describe, expect, it } from "@jest/globals";
import { type ApiChecks, requireValidRequests } from "./api-models";

describe("the comparison with AWS's API models", () => {
  const checks: ApiChecks = { requests: 10, operations: 2, violations: [], known: [], unchecked_patterns: [] };
  const violation = { service: "iam", operation: "CreateRole", member: "RoleName", rule: "length of at most 64", value: "aaa", count: 2 };

  it("accepts requests without violations, and with known ones", () => {
    expect(() => {
      requireValidRequests({ ...checks, known: [violation] });
    }).not.toThrow();
  });

  it("names each violation", () => {
    expect(() => {
      requireValidRequests({ ...checks, violations: [violation] });
    }).toThrow('iam CreateRole RoleName: length of at most 64, not "aaa" (2 times)');
  });

  it.each([{ requests: 0 }, { operations: 0 }])("does not accept that nothing was compared: %j", (none) => {
    expect(() => {
      requireValidRequests({ ...checks, ...none });
    }).toThrow("No request was compared with AWS's API models.");
  });
});
