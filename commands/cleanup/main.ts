import { CloudWatchLogsClient, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { parseArgs } from "node:util";
import { checkAccount } from "../account";
import { command } from "../command";
import { findFinalSnapshots } from "../final-snapshots";
import { type LastSynth, readLastSynth } from "../last-synth";
import { findUntaggedLogGroups } from "../log-groups";
import { knownIds } from "../orphans/known";
import { deleteGuardDutyEndpoint } from "./guardduty";
import { keepKeys } from "./keep-keys";

const HELP = `Completes a destroy of the environment of the last synth (cdktf.out, or CDKTF_OUTDIR). scripts/ci/destroy.sh calls it.

usage: npm run cleanup [-- --vpc REGION] [--help]

  without options  deletes the log groups that AWS services have created again: they have the exact name of a log group of the
                   environment, no tags, and are in no Terraform state. The next deploy would stop at them.
                   Cancels the deletion of the keys of final snapshots, enables the keys, and prints both ARNs.
  --vpc REGION     deletes only the VPC endpoint and the security group of GuardDuty in the VPC of the environment, which
                   prevent the deletion of the VPC. Only for an environment that is being destroyed.

Repeated runs are safe. Exit codes: 0 success, 1 error.`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" }, vpc: { type: "string" } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const outdir = process.env["CDKTF_OUTDIR"] ?? "cdktf.out";
  const environment = readLastSynth(outdir);
  if (!environment) throw new Error(`${outdir} contains no stack. Run npm run synth first.`);
  const { suffix, accountId, regions } = environment;
  const wanted = process.env["ENVIRONMENT_SUFFIX"];
  if (wanted !== undefined && wanted !== suffix)
    throw new Error(`ENVIRONMENT_SUFFIX is ${wanted}, but the last synth is that of ${suffix}. Run npm run synth first.`);
  const { vpc } = values;
  if (vpc !== undefined && !regions.includes(vpc)) throw new Error(`${vpc} is no region of ${suffix}: ${regions.join(", ")}.`);
  await checkAccount(accountId, regions[0] ?? "");
  for (const line of vpc === undefined ? await complete(environment) : await releaseVpc(vpc, suffix)) console.log(line);
  return 0;
}

async function releaseVpc(region: string, suffix: string): Promise<string[]> {
  return (await deleteGuardDutyEndpoint(region, suffix)).map((id) => `deleted ${id}, which GuardDuty has created in the VPC`);
}

async function complete({ suffix, stateBuckets, regions, ...environment }: LastSynth): Promise<string[]> {
  const known = await knownIds(stateBuckets, suffix);
  const lines = await Promise.all(
    regions.map(async (region) => {
      const names = environment.namesIn(region);
      const synthesized = { logGroups: environment.logGroupsIn(region), canaries: environment.canariesIn(region) };
      const groups = (await findUntaggedLogGroups(region, names, synthesized)).filter(
        ({ name, arn }) => !known.has(name) && !known.has(arn),
      );
      const logs = new CloudWatchLogsClient({ region });
      for (const { name: logGroupName } of groups) await logs.send(new DeleteLogGroupCommand({ logGroupName }));
      const snapshots = await findFinalSnapshots(names, region);
      const kept = await keepKeys(region, snapshots);
      return [
        ...groups.map(({ name }) => `deleted the log group ${name}, which an AWS service has created again`),
        ...snapshots.map(({ arn, keyArn }) => `final snapshot ${arn}, encrypted with ${keyArn ?? "no key"}`),
        ...kept.map((arn) => `cancelled the deletion of ${arn}`),
      ];
    }),
  );
  return lines.flat();
}

command(main);
