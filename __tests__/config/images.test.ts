import { describe, expect, it } from "@jest/globals";
import { resolve } from "../../config/resolve";
import { CLOSED_EGRESS, given, ONE_REGION, TODAY, twoRegions } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";

const registry = (account: string, region: string): string => `${account}.dkr.ecr.${region}.amazonaws.com/payments:1.0.0`;
const OWN = registry("123456789012", "us-east-1");
const CENTRAL = registry("210987654321", "us-east-1");
const CACHED = "123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/caddy:2.10.2";
const LEDGER = { services: { ledger: {} }, service_images: { ledger: "registry.bank.test/ledger:1.0.0" } };

describeInvalidConfigs([
  {
    title: "the default image without internet egress",
    bad: { ...ONE_REGION, network: CLOSED_EGRESS.network },
    where: "container_image",
    says: /cannot reach.*private registries of ECR only.*123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com, or outbound_cidrs = \["0\.0\.0\.0\/0"\]/s,
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
    says: /another account or region.*to which the repository is replicated; or the account in images\.registry_accounts/s,
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
  {
    title: "an image of another account that is not named",
    bad: { container_image: CENTRAL, images: { registry_accounts: ["999999999999"] } },
    where: "container_image",
    says: /another account or region.*images\.registry_accounts/s,
    good: { container_image: CENTRAL, images: { registry_accounts: ["210987654321"] } },
  },
  {
    title: "a sidecar in the private registry of another account",
    bad: { service: { sidecars: { agent: { image: CENTRAL } } } },
    where: "service.sidecars.agent.image",
    says: /another account or region/,
    good: { service: { sidecars: { agent: { image: CENTRAL } } }, images: { registry_accounts: ["210987654321"] } },
  },
  {
    title: "a sidecar without a version",
    bad: { service: { sidecars: { agent: { image: "registry.bank.test/agent:latest" } } } },
    where: "service.sidecars.agent.image",
    says: /has no version/,
    good: { service: { sidecars: { agent: { image: "registry.bank.test/agent:2.1.0" } } } },
  },
  {
    title: "a public collector without internet egress",
    bad: { ...ONE_REGION, ...CLOSED_EGRESS, service: { tracing: { collector_image: "public.ecr.aws/x/collector:1.0.0" } } },
    where: "service.tracing.collector_image",
    says: /cannot reach/,
    good: { ...ONE_REGION, ...CLOSED_EGRESS, service: { tracing: { collector_image: OWN } } },
  },
  {
    title: "an image of a pull-through cache without internet egress",
    bad: { ...ONE_REGION, ...CLOSED_EGRESS, images: { pull_through_prefixes: ["docker-hub"] }, container_image: CACHED },
    where: "container_image",
    says: /first pull of an image needs a route to the internet/,
    good: { ...ONE_REGION, images: { pull_through_prefixes: ["docker-hub"] }, container_image: CACHED },
  },
  {
    title: "the account of the platform as another account",
    bad: { images: { registry_accounts: ["123456789012"] } },
    where: "images.registry_accounts",
    says: /is the account of the platform/,
    good: { images: { registry_accounts: ["210987654321"] } },
  },
  {
    title: "a secret for a registry of ECR",
    bad: { images: { registry_secrets: { "210987654321.dkr.ecr.us-east-1.amazonaws.com": "registry/bank" } } },
    where: "images.registry_secrets.210987654321.dkr.ecr.us-east-1.amazonaws.com",
    says: /log in with their role.*images\.registry_accounts/s,
    good: { images: { registry_secrets: { "registry.bank.test": "registry/bank" } } },
  },
  {
    title: "an ARN in the place of the name of a secret",
    bad: { images: { registry_secrets: { "registry.bank.test": "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf" } } },
    where: "images.registry_secrets.registry.bank.test",
    says: /the name of a secret in each region/,
    good: { images: { registry_secrets: { "registry.bank.test": "registry" } } },
  },
  {
    title: "a repository that is twice in the list",
    bad: { images: { repositories: ["payments", "payments"] } },
    where: "images.repositories",
    says: /is twice in the list/,
    good: { images: { repositories: ["payments", "ledger"] } },
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
