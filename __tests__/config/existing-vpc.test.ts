import { describe, expect, it } from "@jest/globals";
import { resolve } from "../../config/resolve";
import { existingVpc, given, inExistingVpcs, ONE_REGION, regionsOf, TODAY, twoRegions } from "../support/config";
import { describeInvalidConfigs, problemsOf } from "../support/invalid-configs";

const [EAST = fail(), WEST = fail()] = inExistingVpcs(twoRegions("hot").regions);
const [OWN_EAST, OWN_WEST] = regionsOf("hot", "us-east-1", "us-west-2");
const vpc = existingVpc();
const one = (changed: object, region: object = {}): object => ({ regions: [{ ...EAST, vpc: { ...vpc, ...changed }, ...region }] });
const [first = "", second = "", third = ""] = vpc.data_subnet_ids;
const good = one({});
const ofFour = (changed: object): object => ({
  ...one(changed, { availability_zones: ["a", "b", "c", "d"].map((letter) => `us-east-1${letter}`) }),
  service: { tasks: 8 },
});

describeInvalidConfigs([
  {
    title: "a region without a network",
    bad: one({}, { vpc: undefined }),
    where: "regions[0].vpc_cidr",
    says: /is missing.*vpc = \{ \.\.\. \} for a VPC that exists/,
    good,
  },
  {
    title: "a range for a VPC that has one",
    bad: one({}, { vpc_cidr: "10.0.0.0/16" }),
    where: "regions[0].vpc_cidr",
    says: /has no effect with vpc/,
    good: ONE_REGION,
  },
  {
    title: "an existing VPC in one region only",
    bad: { regions: [EAST, OWN_WEST] },
    where: "regions[1].vpc",
    says: /another region has it/,
    good: { regions: [EAST, WEST] },
  },
  {
    title: "an existing VPC in the other region only",
    bad: { regions: [OWN_EAST, WEST] },
    where: "regions[0].vpc",
    says: /another region has it/,
    good: twoRegions("hot"),
  },
  ...["public", "application", "data"].map((tier) => ({
    title: `fewer ${tier} subnets than zones`,
    bad: one({ [`${tier}_subnet_ids`]: existingVpc(2)[`${tier}_subnet_ids` as "data_subnet_ids"].slice(0, 2) }),
    where: `regions[0].vpc.${tier}_subnet_ids`,
    says: new RegExp(`contains 2 subnets for 3 zones one ${tier} subnet for each of availability_zones`),
    good: one({ [`${tier}_subnet_ids`]: existingVpc(2)[`${tier}_subnet_ids` as "data_subnet_ids"] }),
  })),
  {
    title: "a fourth zone without its subnets in one tier",
    bad: ofFour({
      public_subnet_ids: [...vpc.public_subnet_ids, "subnet-0000000a"],
      application_subnet_ids: [...vpc.application_subnet_ids, "subnet-0000000b"],
    }),
    where: "regions[0].vpc.data_subnet_ids",
    says: /contains 3 subnets for 4 zones/,
    good: ofFour({
      public_subnet_ids: [...vpc.public_subnet_ids, "subnet-0000000a"],
      application_subnet_ids: [...vpc.application_subnet_ids, "subnet-0000000b"],
      data_subnet_ids: [...vpc.data_subnet_ids, "subnet-0000000c"],
    }),
  },
  {
    title: "a subnet twice in a tier",
    bad: one({ data_subnet_ids: [first, second, first] }),
    where: "regions[0].vpc.data_subnet_ids[2]",
    says: /is regions\[0\]\.vpc\.data_subnet_ids\[0\] already/,
    good: one({ data_subnet_ids: [first, third, second] }),
  },
  {
    title: "a subnet in two tiers",
    bad: one({ data_subnet_ids: [vpc.application_subnet_ids[0], second, third] }),
    where: "regions[0].vpc.data_subnet_ids[0]",
    says: /is regions\[0\]\.vpc\.application_subnet_ids\[0\] already; each tier has its own subnet/,
    good,
  },
  {
    title: "the same VPC in two regions",
    bad: { regions: [EAST, { ...WEST, vpc: { ...WEST.vpc, id: EAST.vpc.id } }] },
    where: "regions[1].vpc.id",
    says: /is regions\[0\]\.vpc\.id already; a VPC is in one region/,
    good: { regions: [EAST, WEST] },
  },
  {
    title: "an ID that is none of a VPC",
    bad: one({ id: "vpc-123" }),
    where: "regions[0].vpc.id",
    says: /is not the ID of a VPC/,
    good: one({ id: "vpc-1a2b3c4d" }),
  },
  {
    title: "an ID that is none of a subnet",
    bad: one({ public_subnet_ids: ["subnet-0a", ...vpc.public_subnet_ids.slice(1)] }),
    where: "regions[0].vpc.public_subnet_ids[0]",
    says: /is not the ID of a subnet/,
    good: one({ public_subnet_ids: ["subnet-1a2b3c4d", ...vpc.public_subnet_ids.slice(1)] }),
  },
  {
    title: "NAT gateways for a VPC that has its own egress",
    bad: { ...good, network: { nat: "per-az" } },
    where: "network.nat",
    says: /has no effect with regions\[\]\.vpc: the owner of the VPC decides on egress/,
    good: { ...ONE_REGION, network: { nat: "per-az" } },
  },
  {
    title: "reserved ranges for a VPC that has its range",
    bad: { ...good, network: { reserved_cidrs: ["10.8.0.0/16"] } },
    where: "network.reserved_cidrs",
    says: /has no effect with regions\[\]\.vpc: the platform chooses no address range/,
    good: { ...ONE_REGION, network: { reserved_cidrs: ["10.8.0.0/16"] } },
  },
]);

describe("a configuration with an existing VPC", () => {
  it("is accepted for an ephemeral environment, whose overlay has a single NAT gateway, without a warning about it", () => {
    const noticesOf = (overrides: object) => resolve("test.tfvars", given({ ...overrides, ephemeral: true }), TODAY).notices.join("\n");
    expect(problemsOf({ ...good, ephemeral: true })).toEqual([]);
    expect(noticesOf(good)).not.toContain("network.nat");
    expect(noticesOf(ONE_REGION)).toContain('network.nat is "single"');
  });

  it("names every key of the table that is missing", () => {
    const problems = problemsOf({ regions: [{ ...EAST, vpc: { id: vpc.id } }] });
    expect(problems.map(({ where }) => where)).toEqual([
      "regions[0].vpc.public_subnet_ids",
      "regions[0].vpc.application_subnet_ids",
      "regions[0].vpc.data_subnet_ids",
    ]);
  });
});

function fail(): never {
  throw new Error("no such region");
}
