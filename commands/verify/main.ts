import { parseArgs } from "node:util";
import { loadConfig } from "../../config/load";
import { primaryRegion } from "../../config/config";
import { checkAccount } from "../account";
import { command, warnOfExample } from "../command";
import { type Result, runChecks } from "./check";
import { FAILOVER_CHECKS, REGION_CHECKS } from "./checks";
import { Environment } from "./environment";
import { ExpectedResources } from "./expected";
import { Live } from "./live";
import { LiveRegion } from "./live-region";
import { exitCode, json, table } from "./report";

const HELP = `Compares a deployed environment with terraform.tfvars and reports, for each requirement, whether it is met. Makes
only read calls to AWS.

usage: npm run verify [-- --region REGION]... [--regions-only] [--during-release] [--suffix SUFFIX] [--json] [--help]

  --region REGION  verify only this region, and the global and failover stacks; repeatable (default: all regions)
  --regions-only   verify the regions without the global and failover stacks, which a release changes before and after them
  --during-release regions that run different images are a note, not a violation
  --suffix SUFFIX  suffix of the environment (default: environment_suffix in terraform.tfvars)
  --json           print an array of { region, requirement, requirementIds, result, violations, notes };
                   requirementIds are rows of docs/requirements.md, result is pass, fail or unknown

Exit codes: 0 all checks pass, 3 at least one fails, 1 a call to AWS failed or the arguments are wrong.`;

/** Scope of the results for the global and the failover stack. */
const FAILOVER = "failover";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      region: { type: "string", multiple: true },
      "regions-only": { type: "boolean" },
      "during-release": { type: "boolean" },
      suffix: { type: "string" },
      json: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const loaded = await loadConfig(
    process.cwd(),
    values.suffix === undefined ? process.env : { ...process.env, ENVIRONMENT_SUFFIX: values.suffix },
  );
  const { config } = loaded;
  warnOfExample(loaded);
  const unknown = values.region?.find((name) => !config.regions.some((region) => region.name === name));
  if (unknown !== undefined)
    throw new Error(`${unknown} is not a region of the environment. Its regions are ${config.regions.map(({ name }) => name).join(", ")}.`);
  const regions = config.regions.filter(({ name }) => values.region?.includes(name) ?? true);
  // Use a selected region: another one may be unreachable.
  await checkAccount(config.accountId, regions[0]?.name ?? primaryRegion(config));
  const environment = new Environment(config, ExpectedResources.synthesize(loaded), regions, values["during-release"]);
  const results = await Promise.all([
    ...regions.map((region) => timed(region.name, () => runChecks(new LiveRegion(environment, region), REGION_CHECKS))),
    ...(values["regions-only"]
      ? []
      : [timed(FAILOVER, () => runChecks(new Live(environment, FAILOVER, ["global", FAILOVER]), FAILOVER_CHECKS))]),
  ]);
  console.log(values.json ? json(results.flat()) : table(results.flat()));
  return exitCode(results.flat());
}

/** Reports the progress on standard error. */
async function timed(scope: string, run: () => Promise<Result[]>): Promise<Result[]> {
  const start = Date.now();
  const results = await run();
  console.error(`${scope}: ${results.length} checks in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return results;
}

command(main);
