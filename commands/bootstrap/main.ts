import { S3Client } from "@aws-sdk/client-s3";
import { parseArgs } from "node:util";
import { loadConfig } from "../../config/load";
import { primaryRegion } from "../../config/config";
import { stateBucket } from "../../stacks/state-backend";
import { checkAccount } from "../account";
import { command } from "../command";
import { ensureStateBucket } from "./state-bucket";

const HELP = `Creates the S3 buckets for the Terraform state, one in each region of terraform.tfvars.

usage: npm run bootstrap [-- --help]

Run it once per account, before the first deployment. It changes only settings that differ, so a second run changes
nothing. It needs credentials of the account in terraform.tfvars with s3:CreateBucket, and the s3:Get* and s3:Put*
actions for the settings of the buckets. The buckets are shared by all environments: empty and delete them manually when
they contain no state any more.

Exit codes: 0 the buckets are there, 1 a call to AWS failed or the input is not valid.`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { config, notices } = await loadConfig(process.cwd(), process.env);
  for (const notice of notices) console.error(`warning: ${notice}`);
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
