import { describe, expect, it } from "@jest/globals";
import { ASSUMED, availability } from "../../prove/availability";
import { SLAS } from "../../prove/availability/slas";
import { Graph } from "../../prove/graph/graph";
import { CONFIGURATIONS } from "../support/configurations";
import { graphsOf } from "./platforms";

const PAIR = availability(graphsOf({ preset: "payment-processing" }));

describe("the availability of one region", () => {
  it("is the product of what stands in the path of a request", () => {
    expect(PAIR.oneRegion?.path.map(({ service, sla }) => [service, sla])).toEqual([
      ["Route 53", 1],
      ["Elastic Load Balancing", 0.9999],
      ["Fargate for Amazon ECS", 0.9999],
      ["Aurora", 0.9999],
    ]);
    expect(PAIR.oneRegion?.availability).toBeCloseTo(0.9999 ** 3, 10);
  });

  it("is lower with a part in one zone, and with a NAT gateway in the path", () => {
    const alone = availability(graphsOf(CONFIGURATIONS["warm-standby"] ?? {}));
    expect(alone.oneRegion?.path.find(({ service }) => service === "Aurora")).toMatchObject({ sla: 0.999, isSpread: false });
    const through = availability(graphsOf({ preset: "payment-processing" }), { ...ASSUMED, throughNat: true });
    expect(through.oneRegion?.availability).toBeCloseTo(0.9999 ** 3 * 0.999, 10);
  });

  it("counts sessions with a replica in another region as AWS does", () => {
    const { path = [] } = availability(graphsOf(CONFIGURATIONS["two-regions-data"] ?? {})).oneRegion ?? {};
    expect(path.find(({ service }) => service === "DynamoDB")?.sla).toBe(SLAS.table.spread);
  });
});

describe("the availability of two regions", () => {
  it("reaches four nines for reads, which DNS leads to the other region, and not for writes, which wait for a person", () => {
    expect(PAIR.pair?.reads).toBeGreaterThan(PAIR.target);
    expect(PAIR.pair?.writes).toBeLessThan(PAIR.target);
    expect(PAIR.reached).toBe(false);
    expect(PAIR.assumptions).toEqual(expect.arrayContaining(["The losses of two regions are independent."]));
  });

  it("is the time of DNS and of the takeover in a month, and the loss of both", () => {
    const month = 730 * 3600;
    const lost = 1 - 0.9999 ** 3;
    expect(PAIR.pair?.reads).toBeCloseTo(1 - 56 / month - lost ** 2, 10);
    const quick = availability(graphsOf({ preset: "payment-processing" }), { ...ASSUMED, decisionSeconds: -600 });
    // The message after 300 s, and the takeover of 555 s
    expect(quick.pair?.writes).toBeCloseTo(1 - (300 - 600 + 555) / month - lost ** 2, 10);
  });

  it("does not exist with one region, and with a standby without tasks", () => {
    expect(availability(graphsOf({ preset: "trading" })).pair).toBeUndefined();
    const pilot = availability(graphsOf(CONFIGURATIONS["pilot-light"] ?? {}));
    expect(pilot.pair).toBeUndefined();
    expect(pilot.assumptions).toContain("The other region runs no tasks, so there is no figure for the pair.");
  });
});

describe("the share of a failure in what four nines allow in a month", () => {
  it("is its longest time in 4 min 23 s", () => {
    const dns = PAIR.failures.find(({ failure }) => failure.includes("shows it to clients"));
    expect(dns).toMatchObject({ seconds: 56, share: expect.closeTo(56 / 262.8, 4) });
    const node = PAIR.failures.find(({ failure }) => failure.includes("the node of"));
    expect(node).toMatchObject({ seconds: undefined, share: undefined });
  });

  it("of a project without a platform is empty", () => {
    expect(availability([new Graph("main", {})])).toMatchObject({ oneRegion: undefined, pair: undefined, reached: false, failures: [] });
  });
});
