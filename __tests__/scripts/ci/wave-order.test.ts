import { describe, expect, it } from "@jest/globals";
import { isRemoved, servicesOf, waveOrder } from "../../../scripts/ci/manifest";
import { OPERATIONS } from "../../support/config";
import { globalStack, regionStack } from "../../support/synthesized";

/** The order as one word for each stack, with a star for a wave. */
const order = (...args: Parameters<typeof waveOrder>): string =>
  waveOrder(...args)
    .map(({ stack, isWave }) => (isWave ? `${stack}*` : stack))
    .join(" ");
const TWO = ["global", "us-east-1", "us-west-2", "failover"];
const THREE = ["global", "us-east-1", "us-west-2", "eu-west-1", "failover"];

describe("the order of a release in waves", () => {
  it("is global, the standby regions in reverse preference, the primary region, failover", () => {
    expect(order(TWO, "us-east-1")).toBe("global us-west-2* us-east-1* failover");
    expect(order(THREE, "us-east-1")).toBe("global eu-west-1* us-west-2* us-east-1* failover");
  });

  it("has the region of the writer as the last wave after a takeover", () => {
    expect(order(TWO, "us-west-2")).toBe("global us-east-1* us-west-2* failover");
    expect(order(THREE, "us-west-2")).toBe("global eu-west-1* us-east-1* us-west-2* failover");
  });

  it("is the usual one for one region", () => {
    expect(order(["global", "us-east-1", "failover"], "us-east-1")).toBe("global us-east-1* failover");
  });

  it("destroys removed regions first, without a wave, in the order of a removal", () => {
    expect(order(["failover", "us-west-2", "us-east-1", "global"], "us-east-1", ["us-west-2"])).toBe(
      "failover us-west-2 us-east-1* global",
    );
    const removal = ["failover", "eu-west-1", "us-west-2", "us-east-1", "global"];
    expect(order(removal, "us-east-1", ["eu-west-1"])).toBe("failover eu-west-1 us-west-2* us-east-1* global");
    expect(order(removal, "us-west-2", ["eu-west-1"])).toBe("failover eu-west-1 us-east-1* us-west-2* global");
    // The plan of failover rejects the removal of the writer. Until then, the order needs another last region.
    expect(order(removal, "eu-west-1", ["eu-west-1"])).toBe("failover eu-west-1 us-west-2* us-east-1* global");
  });
});

describe("a synthesized stack", () => {
  it("is that of a removed region if it has no resource", () => {
    expect(isRemoved(regionStack().json)).toBe(false);
  });

  it("has the names of its ECS cluster and services", () => {
    expect(servicesOf(regionStack(OPERATIONS).json)).toEqual({
      cluster: "ecs-test-1",
      services: expect.arrayContaining(["service-test-1", "service-ledger-test-1", "service-risk-test-1"]),
    });
    expect(servicesOf(globalStack().json)).toEqual({ cluster: "", services: [] });
  });
});
