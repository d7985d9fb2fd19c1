import { expect, it, jest } from "@jest/globals";
import { OPERATIONS } from "../support/config";
import { describeLifecycle } from "../support/deployment";

jest.setTimeout(3 * 60 * 60 * 1000);

describeLifecycle("a region with services, events, canaries and everything that operates it", "it-op", { ...OPERATIONS }, (deployed) => {
  it("is there", () => {
    expect(deployed().region).toBe("us-east-1");
  });
});
