import { describe, expect, it } from "@jest/globals";
import { resolve } from "../../config/resolve";
import { CLOSED_EGRESS, given, ONE_REGION, TODAY, twoRegions } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";

const registry = (account: string, region: string): string => `${account}.dkr.ecr.${region}.amazonaws.com/payments:1.0.0`;
const OWN = registry("123456789012", "us-east-1");
const LEDGER = { services: { ledger: {} }, service_images: { ledger: "registry.bank.test/ledger:1.0.0" } };

describeInvalidConfigs([
  {
    title: "the default image without internet egress",
    bad: { ...ONE_REGION, network: CLOSED_EGRESS.network },
    where: "container_image",
    says: /cannot reach.*private registry of the account only.*pull-through cache.*123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com, or outbound_cidrs = \["0\.0\.0\.0\/0"\]/s,
    good: { ...ONE_REGION, ...CLOSED_EGRESS },
  },
  {
    title: "an image of an additional service in a public registry without internet egress",
    bad: { ...ONE_REGION, ...CLOSED_EGRESS, ...LEDGER, service_images: { ledger: "public.ecr.aws/bank/ledger:1.0.0" } },
    where: "service_images.ledger",
    says: /cannot reach/,
    good: { ...ONE_REGION, ...CLOSED_EGRESS, ...LEDGER, service_images: { ledger: OWN } },
  },
  {
    title: "no internet egress and no interface endpoints",
    bad: { ...ONE_REGION, ...CLOSED_EGRESS, network: { outbound_cidrs: [] } },
    where: "network.interface_endpoints",
    says: /no registry, no log and no secret.*interface_endpoints = true, or outbound_cidrs = \["0\.0\.0\.0\/0"\]/s,
    good: { ...ONE_REGION, ...CLOSED_EGRESS, network: { outbound_cidrs: ["203.0.113.0/24"] } },
  },
  {
    title: "an image in the private registry of another account",
    bad: { container_image: registry("999999999999", "us-east-1") },
    where: "container_image",
    says: /another account or region.*replicate the repository/s,
    good: { container_image: OWN },
  },
  {
    title: "an image in the private registry of a region without a platform",
    bad: { ...ONE_REGION, container_image: registry("123456789012", "us-west-2") },
    where: "container_image",
    says: /another account or region.*123456789012\.dkr\.ecr\.us-east-1/s,
    good: { ...twoRegions("hot"), container_image: registry("123456789012", "us-west-2") },
  },
  {
    title: "an image of an additional service in the private registry of another account",
    bad: { ...LEDGER, service_images: { ledger: registry("999999999999", "us-east-1") } },
    where: "service_images.ledger",
    says: /another account or region/,
    good: LEDGER,
  },
]);

describe("a warning", () => {
  const notices = (outbound_cidrs: readonly string[]): string =>
    resolve("test.tfvars", given({ ...ONE_REGION, network: { outbound_cidrs } }), TODAY).notices.join("\n");

  it("says that narrow ranges exclude registries and AWS services", () => {
    expect(notices(["203.0.113.0/24"])).toContain("network.outbound_cidrs is narrower than 0.0.0.0/0");
    expect(notices(["0.0.0.0/0"])).not.toContain("network.outbound_cidrs");
  });
});
