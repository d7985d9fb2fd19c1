import { describe, expect, it } from "@jest/globals";
import { hasSuffix, isOfAnother } from "../../../commands/orphans/ownership";

describe("a resource with the name of an environment", () => {
  it("is of another environment if its tag says so, although its name ends with the suffix", () => {
    expect(hasSuffix("alarm-cpu-pr-4", "4")).toBe(true);
    expect(isOfAnother([{ Key: "EnvironmentSuffix", Value: "pr-4" }], "4")).toBe(true);
  });

  it("is of the environment with its tag, or without any", () => {
    expect(isOfAnother([{ Key: "EnvironmentSuffix", Value: "4" }], "4")).toBe(false);
    expect(isOfAnother([{ Key: "Name", Value: "x" }], "4")).toBe(false);
    expect(isOfAnother([], "4")).toBe(false);
  });

  it("has the suffix at its end, after a hyphen", () => {
    expect(hasSuffix("alarm-cpu-14", "4")).toBe(false);
    expect(hasSuffix("alarm-4-cpu", "4")).toBe(false);
    expect(hasSuffix(undefined, "4")).toBe(false);
  });
});
