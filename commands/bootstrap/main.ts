import { S3Client } from "@aws-sdk/client-s3";
import { parseArgs } from "node:util";
import { loadConfig } from "../../config/load";
import { primaryRegion } from "../../config/config";
import { stateBucket } from "../../stacks/state-backend";
import { checkAccount } from "../account";
import { command } from "../command";
import { ensureStateBucket } from "./state-bucket";

const HELP = `Makes the S3 buckets that hold the Terraform state, one in each region of terraform.tfvars.

usage: npm run bootstrap [-- --help]

Run it once per account before the first deploy. It reads before it writes: a second run, or one from
another machine, changes nothing. It needs credentials of the account in terraform.tfvars, with s3:CreateBucket
and the s3:Get* and s3:Put* actions on the buckets' settings. The buckets outlive every environment: empty and
delete them by hand once no state is left in them.`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { config, notices } = await loadConfig(process.cwd(), process.env);
  for (const notice of notices) console.error(`standfast: ${notice}`);
  await checkAccount(config.accountId, primaryRegion(config));
  for (const { name: region } of config.regions) {
    const bucket = stateBucket(config, region);
    console.log(`${region}: s3://${bucket}`);
    for (const { what, result } of await ensureStateBucket(new S3Client({ region }), bucket, region, config.accountId)) {
      console.log(`  ${what}: ${result}`);
    }
  }
  return 0;
}

command(main);
