import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type Cidr,
  formatCidr,
  LARGEST_VPC_PREFIX,
  overlaps,
  parseCidr,
  planNetwork,
  sizeOf,
  SMALLEST_VPC_PREFIX,
  TIERS,
  ZONE_SLOTS,
} from "../../config/cidr";

const vpc = fc
  .record({ prefix: fc.integer({ min: LARGEST_VPC_PREFIX, max: SMALLEST_VPC_PREFIX }), block: fc.nat() })
  .map(({ prefix, block }) => formatCidr({ prefix, base: 10 * 2 ** 24 + (block % 2 ** (prefix - 8)) * 2 ** (32 - prefix) }));
const zones = fc
  .integer({ min: 1, max: ZONE_SLOTS })
  .map((count) => ["a", "b", "c", "d"].slice(0, count).map((letter) => `us-east-1${letter}`));

const range = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(text);
  return parsed;
};
const contains = (outer: Cidr, inner: Cidr): boolean => inner.prefix >= outer.prefix && overlaps(outer, inner);

describe("an IPv4 range", () => {
  it("is unchanged after parsing and formatting", () => {
    fc.assert(
      fc.property(vpc, (text) => {
        expect(formatCidr(range(text))).toBe(text);
      }),
    );
  });

  it.each(["10.0.0.1/16", "10.0.0.0/33", "256.0.0.0/16", "10.0.0.0", "10.0.0/16", "ten/16", ""])("is not made of %j", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it("overlaps another if they share an address, in either order", () => {
    expect(overlaps(range("10.0.0.0/16"), range("10.0.255.0/24"))).toBe(true);
    expect(overlaps(range("10.0.255.0/24"), range("10.0.0.0/16"))).toBe(true);
    expect(overlaps(range("10.0.0.0/16"), range("10.1.0.0/16"))).toBe(false);
  });
});

describe("the address plan of any VPC from /16 to /22", () => {
  it("has every subnet in its tier, every tier in the VPC, and no overlapping subnets", () => {
    fc.assert(
      fc.property(vpc, zones, (cidr, names) => {
        const plan = planNetwork(cidr, names);
        const subnets = TIERS.flatMap((tier) =>
          plan[tier].subnets.map((subnet) => ({ tier: range(plan[tier].cidr), subnet: range(subnet.cidr) })),
        );
        expect(subnets).toHaveLength(TIERS.length * names.length);
        for (const { tier, subnet } of subnets) {
          expect(contains(tier, subnet)).toBe(true);
          expect(contains(range(cidr), tier)).toBe(true);
        }
        subnets.forEach(({ subnet }, index) => {
          expect(subnets.slice(index + 1).some((other) => overlaps(subnet, other.subnet))).toBe(false);
        });
      }),
    );
  });

  it("moves no subnet when a fourth zone is added", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        const three = planNetwork(cidr, ["a", "b", "c"]);
        const four = planNetwork(cidr, ["a", "b", "c", "d"]);
        for (const tier of TIERS) expect(four[tier].subnets.slice(0, 3)).toEqual(three[tier].subnets);
      }),
    );
  });

  it("leaves 8 addresses in every subnet for a load balancer, in addition to the 5 that AWS reserves", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        for (const { cidr: subnet } of planNetwork(cidr, ["a"]).public.subnets) expect(sizeOf(range(subnet))).toBeGreaterThanOrEqual(32);
      }),
    );
  });

  it("leaves a quarter of the VPC free", () => {
    expect(planNetwork("10.0.0.0/16", ["a", "b", "c"])).toEqual({
      public: {
        cidr: "10.0.0.0/18",
        subnets: [
          { availabilityZone: "a", cidr: "10.0.0.0/20" },
          { availabilityZone: "b", cidr: "10.0.16.0/20" },
          { availabilityZone: "c", cidr: "10.0.32.0/20" },
        ],
      },
      application: {
        cidr: "10.0.64.0/18",
        subnets: [
          { availabilityZone: "a", cidr: "10.0.64.0/20" },
          { availabilityZone: "b", cidr: "10.0.80.0/20" },
          { availabilityZone: "c", cidr: "10.0.96.0/20" },
        ],
      },
      data: {
        cidr: "10.0.128.0/18",
        subnets: [
          { availabilityZone: "a", cidr: "10.0.128.0/20" },
          { availabilityZone: "b", cidr: "10.0.144.0/20" },
          { availabilityZone: "c", cidr: "10.0.160.0/20" },
        ],
      },
    });
  });

  it("rejects more zones than it supports", () => {
    expect(() => planNetwork("10.0.0.0/16", ["a", "b", "c", "d", "e"])).toThrow("more than 4 Availability Zones");
  });
});
