import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { BankNetwork } from "../support/bank-network";
import { Cloud, describeDeployed, SUITED_TO_TERRAFORM } from "../support/cloud";
import { CLOSED_EGRESS, ONE_REGION, ZONES } from "../support/config";
import { step } from "../support/progress";
import type { Terraform } from "../support/terraform";

jest.setTimeout(3 * 60 * 60 * 1000);

const REGION = "us-east-1";
/** Plans the requirements on the network alone, which takes a second. */
const REQUIREMENTS = "-target=terraform_data.network_requirements";

/** Small, and without a store of data except the database. */
const SMALL = {
  ...SUITED_TO_TERRAFORM,
  ephemeral: true,
  backup: { enabled: false },
  runbooks: { enabled: false },
  database: { readers: 1, rewind: false },
};

describeDeployed("a platform in a VPC of another owner", () => {
  let cloud: Cloud;
  let network: BankNetwork;
  let untouched: Awaited<ReturnType<BankNetwork["describe"]>>;
  let global: Terraform;
  let terraform: Terraform;
  /** What the last synth had over the configuration of the network. */
  let synthesized: string | undefined;

  const inVpc = (vpc: object): object => ({ regions: [{ name: REGION, availability_zones: ZONES, vpc: { ...network.config, ...vpc } }] });

  beforeAll(async () => {
    cloud = await step("cloud", () => Cloud.open("bank-vpc", { ...SMALL, ...ONE_REGION }));
    network = await BankNetwork.create(REGION, ZONES);
    untouched = await network.describe();
    await cloud.change({ ...SMALL, ...inVpc({}) });
    await cloud.bootstrap();
    await synth();
    await global.init();
    await step("apply what belongs to no region", () => global.apply());
  });

  afterAll(async () => {
    // Whatever failed above, a test leaves nothing behind.
    if (synthesized !== undefined) {
      await synth();
      await global.init();
      await terraform.destroy();
      await global.destroy();
    }
    await cloud.close();
  });

  /** Synthesizes the configuration of the network, with other keys over it. It does nothing if the last synth was the same. */
  async function synth(overrides: object = {}): Promise<void> {
    if (synthesized === JSON.stringify(overrides)) return;
    synthesized = JSON.stringify(overrides);
    await cloud.change({ ...SMALL, ...inVpc({}), ...overrides });
    const stacks = await cloud.synth();
    global = stacks("global");
    terraform = stacks(REGION);
    await terraform.init();
  }

  /** The messages of a plan: empty if it succeeds. */
  async function refusal(...args: string[]): Promise<string> {
    const { code, stderr } = await terraform.run("plan", "-input=false", "-lock=false", ...args);
    return code === 0 ? "" : stderr.replaceAll(/[│╷╵\s]+/g, " ");
  }

  /** Plans with a fault of the network, which is repaired afterwards. */
  async function withFault(fault: () => Promise<unknown>, repair: () => Promise<unknown>, ...args: string[]): Promise<string> {
    await synth();
    await fault();
    const text = await refusal(...(args.length > 0 ? args : [REQUIREMENTS]));
    await repair();
    return text;
  }

  /** Plans with another configuration of the same network. */
  async function withConfig(overrides: object, ...args: string[]): Promise<string> {
    await synth(overrides);
    return refusal(...args);
  }

  const errors = (text: string): number => text.split("Error: ").length - 1;

  describe("whose plan says what is missing:", () => {
    it("nothing, in a VPC with all of it", async () => {
      await synth();
      expect(await refusal(REQUIREMENTS)).toBe("");
    });

    it.each([
      ["EnableDnsSupport", "DNS resolution", "--enable-dns-support"],
      ["EnableDnsHostnames", "DNS hostnames", "--enable-dns-hostnames"],
    ] as const)("%s", async (attribute, feature, option) => {
      const text = await withFault(
        () => network.setDns(attribute, false),
        () => network.setDns(attribute, true),
      );
      expect(text).toContain(
        `${network.vpcId} has no ${feature}, which endpoints, the database and service discovery require. The owner of the network enables them: aws ec2 modify-vpc-attribute --vpc-id ${network.vpcId} ${option}.`,
      );
      expect(errors(text)).toBe(1);
    });

    it("the VPC itself, without an error about what would be in it except its subnets", async () => {
      const text = await withConfig(inVpc({ id: "vpc-0123456789abcdef0" }), REQUIREMENTS);
      expect(text).toContain(`The account 123456789012 has no VPC vpc-0123456789abcdef0 in ${REGION}`);
      expect(text).toContain(`vpc-0123456789abcdef0 in ${REGION} has no subnet`);
      expect(errors(text)).toBe(4);
    });

    it("a subnet", async () => {
      const subnet = "subnet-0123456789abcdef0";
      const text = await withConfig(inVpc({ data_subnet_ids: [...network.subnetIds.data.slice(0, 2), subnet] }), REQUIREMENTS);
      expect(text).toContain(`${network.vpcId} in ${REGION} has no subnet ${subnet}, which vpc.data_subnet_ids contains.`);
      expect(errors(text)).toBe(1);
    });

    it.each(["public", "application", "data"] as const)("a %s subnet of the right zone, in the right place", async (tier) => {
      const [first = "", second = "", third = ""] = network.subnetIds[tier];
      const text = await withConfig(inVpc({ [`${tier}_subnet_ids`]: [second, first, third] }), REQUIREMENTS);
      expect(text).toContain(
        `vpc.${tier}_subnet_ids must contain a subnet for each of availability_zones, in the same order: ${second} is in us-east-1b, not in us-east-1a; ${first} is in us-east-1a, not in us-east-1b.`,
      );
      expect(errors(text)).toBe(1);
    });

    it("a way to the load balancer from the internet", async () => {
      const text = await withFault(
        () => network.removeDefaultRoute("public"),
        () => network.addDefaultRoute("public", { GatewayId: network.internetGatewayId }),
      );
      expect(text).toContain(
        `The public subnets ${network.subnetIds.public.join(", ")} in ${REGION} have no default route (0.0.0.0/0) to an internet gateway`,
      );
      expect(errors(text)).toBe(1);
    });

    it("a way out for tasks", async () => {
      const text = await withFault(
        () => network.removeDefaultRoute("application"),
        () => network.addDefaultRoute("application", { TransitGatewayId: network.transitGatewayId }),
      );
      expect(text).toContain(
        `The application subnets ${network.subnetIds.application.join(", ")} in ${REGION} have no default route (0.0.0.0/0): tasks would reach neither a registry nor AWS.`,
      );
      expect(errors(text)).toBe(1);
    });

    it("a way out for the tasks in a subnet that has the main route table only", async () => {
      const [first = ""] = network.subnetIds.application;
      let associate: () => Promise<unknown> = () => Promise.resolve();
      const text = await withFault(
        async () => {
          associate = await network.disassociate(first);
        },
        () => associate(),
      );
      expect(text).toContain(`The application subnets ${first} in ${REGION} have no default route`);
      expect(errors(text)).toBe(1);
    });

    it("no way out for tasks, where the configuration needs none; then a gateway endpoint of S3", async () => {
      await network.removeDefaultRoute("application");
      await synth(CLOSED_EGRESS);
      const text = await refusal(REQUIREMENTS);
      const remove = await network.addS3Endpoint();
      const withEndpoint = await refusal(REQUIREMENTS);
      await remove();
      await network.addDefaultRoute("application", { TransitGatewayId: network.transitGatewayId });
      expect(text).toContain(
        `The application subnets ${network.subnetIds.application.join(", ")} in ${REGION} have no route to a gateway endpoint of S3, from which ECR delivers images`,
      );
      expect(errors(text)).toBe(1);
      expect(withEndpoint).toBe("");
    });

    it("the separation from the internet", async () => {
      const data = await withFault(
        () => network.addDefaultRoute("data", { GatewayId: network.internetGatewayId }),
        () => network.removeDefaultRoute("data"),
      );
      expect(data).toContain(`The data subnets ${network.subnetIds.data.join(", ")} in ${REGION} have a route to an internet gateway`);
      expect(errors(data)).toBe(1);
      const { application, data: dataSubnets } = network.subnetIds;
      const text = await withFault(
        async () => {
          await network.removeDefaultRoute("application");
          await network.addDefaultRoute("application", { GatewayId: network.internetGatewayId });
        },
        async () => {
          await network.removeDefaultRoute("application");
          await network.addDefaultRoute("application", { TransitGatewayId: network.transitGatewayId });
        },
      );
      expect(text).toContain(`The application subnets ${application.join(", ")} in ${REGION} have a route to an internet gateway`);
      expect(text).not.toContain(dataSubnets[0]);
      expect(errors(text)).toBe(1);
    });

    it("addresses", async () => {
      const small = await network.addSubnet("10.50.3.0/28", "us-east-1a");
      const public_subnet_ids = [small, ...network.subnetIds.public.slice(1)];
      const tooSmall = await withConfig(inVpc({ public_subnet_ids }), REQUIREMENTS);
      expect(tooSmall).toContain(`The public subnets ${small} in ${REGION} are smaller than /27, which a load balancer requires.`);
      // Three subnets of 27 addresses.
      const tooMany = await withConfig({ service: { tasks: { min: 6, max: 41 } } }, REQUIREMENTS);
      expect(tooMany).toContain(`The application subnets in ${REGION} have 81 free addresses and need 82: up to 41 tasks`);
      expect(errors(tooMany)).toBe(1);
      expect(await withConfig({ service: { tasks: { min: 6, max: 40 } } }, REQUIREMENTS)).toBe("");
      untouched = await network.describe();
    });

    it("also in a plan of everything", async () => {
      const text = await withFault(
        () => network.setDns("EnableDnsSupport", false),
        () => network.setDns("EnableDnsSupport", true),
        "-refresh=true",
      );
      expect(text).toContain("has no DNS resolution");
    });
  });

  it("is applied, and a second plan has nothing to do", async () => {
    await synth();
    await step("apply", () => terraform.apply());
    const { changes, text } = await step("second plan", () => terraform.planHasChanges());
    expect({ changes, text: changes ? text : "" }).toEqual({ changes: false, text: "" });
  });

  it("fulfils what a check of the environment verifies in its region", async () => {
    const { results } = await cloud.verify();
    const inRegion = results.filter(({ region, result }) => region === REGION && result !== "pass");
    expect(inRegion).toEqual([]);
  });

  it.each([
    ["another VPC", () => inVpc({ id: "vpc-0123456789abcdef0" }), () => `created in the existing VPC ${network.vpcId}`],
    ["a VPC of its own", () => ONE_REGION, () => `has the range of the existing VPC ${network.vpcId}, which cannot change`],
    [
      "other data subnets",
      () => inVpc({ data_subnet_ids: ["subnet-0123456789abcdef0", ...network.subnetIds.data.slice(1)] }),
      () => `was created in the subnets ${network.subnetIds.data.join(",")}, and RDS removes no subnet in use`,
    ],
  ])("does not move to %s", async (_, overrides, says) => {
    const text = await withConfig(overrides());
    expect(text).toContain(says());
  });

  it("is destroyed, also after a change of the network, and leaves the network as it was", async () => {
    await synth();
    const associate = await network.disassociate(network.subnetIds.application[0] ?? "");
    await network.removeDefaultRoute("application");
    await step("destroy", () => terraform.destroy());
    await network.addDefaultRoute("application", { TransitGatewayId: network.transitGatewayId });
    await associate();
    expect(withoutRepairs(await network.describe())).toEqual(withoutRepairs(untouched));
  });
});

/** Without what changes with each repair of a fault: the IDs and the order of associations, and endpoints that are deleted. */
function withoutRepairs(description: Awaited<ReturnType<BankNetwork["describe"]>>): unknown {
  const { RouteTables = [], VpcEndpoints = [], ...others } = description;
  return {
    ...others,
    RouteTables: RouteTables.map(({ Associations = [], ...table }) => ({
      ...table,
      Associations: Associations.map(({ SubnetId, Main }) => SubnetId ?? `main: ${Main}`).sort(),
    })),
    VpcEndpoints: VpcEndpoints.filter(({ State }) => State?.toLowerCase() !== "deleted"),
  };
}
