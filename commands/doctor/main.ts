import { EC2Client, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { parseArgs } from "node:util";
import { type Config, primaryRegion, type RegionConfig } from "../../config/config";
import { loadConfig } from "../../config/load";
import { checkAccount } from "../account";
import { command, warnOfExample } from "../command";
import { once, retryOptions } from "../verify/aws";
import { ExpectedResources } from "../verify/expected";
import { account, regional } from "./account";
import { dns } from "./dns";
import { type Examination, examineAll, exitCode, table } from "./finding";
import { images } from "./images";
import { machine } from "./machine";
import { quotaNeeds } from "./needs";
import { Quotas } from "./quotas";
import { subscriptions } from "./subscriptions";

const HELP = `Finds what is in the way of a deployment before it starts: on this machine, in the account, in DNS and in each region.
Makes only read calls to AWS.

usage: npm run doctor [-- --region REGION]... [--json] [--help]

  --region REGION  examine only this region; repeatable (default: all regions)
  --json           print an array of { scope, need, result, found, cure }; result is ready, problem, notice or unknown

Exit codes: 0 nothing is in the way, 3 at least one problem, 1 something could not be read or the arguments are wrong.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { help: { type: "boolean", short: "h" }, region: { type: "string", multiple: true }, json: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const loaded = await loadConfig(process.cwd(), process.env);
  const { config } = loaded;
  warnOfExample(loaded);
  const unknown = values.region?.find((name) => !config.regions.some((region) => region.name === name));
  if (unknown !== undefined)
    throw new Error(`${unknown} is not a region of the environment. Its regions are ${config.regions.map(({ name }) => name).join(", ")}.`);
  const regions = config.regions.filter(({ name }) => values.region?.includes(name) ?? true);
  const expected = ExpectedResources.synthesize(loaded);
  const local = await examineAll([...machine(config), credentials(config, regions[0]?.name ?? primaryRegion(config))]);
  // Without credentials, every call to AWS would fail for the same reason.
  const findings = local.some(({ result }) => result !== "ready")
    ? local
    : [...local, ...(await examineAll(examinations(config, regions, expected)))];
  console.log(values.json ? JSON.stringify(findings) : table(findings));
  return exitCode(findings);
}

function credentials(config: Config, region: string): Examination {
  return {
    scope: "machine",
    need: `Credentials of the account ${config.accountId}`,
    examine: async () => {
      try {
        await checkAccount(config.accountId, region);
        return { result: "ready", found: "valid" };
      } catch (error) {
        const found = error instanceof Error ? error.message : String(error);
        return { result: "problem", found, cure: "Set AWS_PROFILE, or the variables of your credentials, and run this command again" };
      }
    },
  };
}

function examinations(config: Config, regions: readonly RegionConfig[], expected: ExpectedResources): readonly Examination[] {
  const stacks = ["global", ...config.regions.map(({ name }) => name), "failover"];
  return [
    ...account(expected, stacks, primaryRegion(config)),
    ...dns(config, primaryRegion(config)),
    ...regions.flatMap((region) => {
      const quotas = new Quotas(
        region.name,
        once(() => isDeployed(config, region.name)),
      );
      return [
        ...regional(config, region.name, expected),
        ...quotaNeeds(config, region, expected).map((need) => quotas.examination(need)),
        ...images(config, region.name),
        ...subscriptions(config, region.name, expected),
      ];
    }),
    ...subscriptions(config, "failover", expected),
  ];
}

/** Whether the region of the environment has been deployed: its VPC exists. */
async function isDeployed({ environmentSuffix }: Config, region: string): Promise<boolean> {
  const Filters = [{ Name: "tag:EnvironmentSuffix", Values: [environmentSuffix] }];
  return ((await new EC2Client({ region, ...retryOptions }).send(new DescribeVpcsCommand({ Filters }))).Vpcs ?? []).length > 0;
}

command(main);
