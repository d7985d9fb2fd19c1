import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { Cloud, describeSimulated } from "../support/cloud";
import { CLOSED_EGRESS, DATA, ONE_REGION } from "../support/config";

jest.setTimeout(30 * 60 * 1000);

/** Regions with the zones that most accounts have in them. */
const region = (name: string, index: number, letters = ["a", "b", "c"], standby?: string) => ({
  name,
  availability_zones: letters.map((letter) => name + letter),
  vpc_cidr: `10.${index}.0.0/16`,
  ...(standby && { standby }),
});

const VARIATIONS: readonly { title: string; overrides: Readonly<Record<string, unknown>>; stacks: readonly string[] }[] = [
  { title: "one region", overrides: ONE_REGION, stacks: ["global", "us-east-1", "failover"] },
  {
    title: "one ephemeral region, behind AWS WAF, with private endpoints and a fallback host",
    overrides: {
      ...ONE_REGION,
      ephemeral: true,
      load_balancer: { waf: true },
      ...CLOSED_EGRESS,
      failover: { fallback_host: "sorry.bank.test" },
    },
    stacks: ["global", "us-east-1", "failover"],
  },
  {
    title: "three regions with every store",
    overrides: { ...DATA, regions: [region("us-east-1", 0), region("us-west-2", 1), region("eu-west-1", 2)] },
    stacks: ["global", "us-east-1", "us-west-2", "eu-west-1", "failover"],
  },
  {
    title: "a warm standby in another part of Europe",
    overrides: { regions: [region("eu-west-1", 0), region("eu-central-1", 1, ["a", "b", "c"], "warm")] },
    stacks: ["global", "eu-west-1", "eu-central-1", "failover"],
  },
  {
    title: "a pilot light in another part of Asia",
    overrides: { regions: [region("ap-southeast-1", 0), region("ap-northeast-1", 1, ["a", "c", "d"], "pilot-light")] },
    stacks: ["global", "ap-southeast-1", "ap-northeast-1", "failover"],
  },
];

describeSimulated.each(VARIATIONS)("$title", ({ overrides, stacks }) => {
  let cloud: Cloud;
  let stackOf: Awaited<ReturnType<Cloud["synth"]>>;

  beforeAll(async () => {
    cloud = await Cloud.open("it-4", overrides);
    await cloud.bootstrap();
    stackOf = await cloud.synth();
  });

  afterAll(() => cloud.close());

  it.each([...stacks])("%s is valid, and can be planned before anything exists", async (stack) => {
    const terraform = stackOf(stack);
    await terraform.init();
    await terraform.validate();
    const { changes } = await terraform.planHasChanges();
    expect(changes).toBe(true);
  });
});
