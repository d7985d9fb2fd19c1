import { parseArgs } from "node:util";
import { loadConfig } from "../../config/load";
import { primaryRegion } from "../../config/config";
import { checkAccount } from "../account";
import { command } from "../command";
import { type Result, runChecks } from "./check";
import { FAILOVER_CHECKS, REGION_CHECKS } from "./checks";
import { Environment } from "./environment";
import { ExpectedResources } from "./expected";
import { Live } from "./live";
import { LiveRegion } from "./live-region";
import { exitCode, json, table } from "./report";

const HELP = `Asks AWS whether a live environment is what terraform.tfvars asks for: requirement by requirement, what holds and
what does not. Reads only.

usage: npm run verify [-- --region REGION]... [--suffix SUFFIX] [--json] [--help]

  --region REGION  only this region and what joins it with others; may be repeated (default: every region)
  --suffix SUFFIX  the environment (default: the one of terraform.tfvars)
  --json           an array of { region, requirement, requirementIds, result, violations, notes } instead of a table;
                   requirementIds are rows of docs/requirements.md, result is pass, fail or unknown

The exit code is 0 when everything holds, 3 when something does not, and 1 when AWS could not be asked about something.`;

/** Results of what joins the regions are listed under it. */
const FAILOVER = "failover";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      region: { type: "string", multiple: true },
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
  const unknown = values.region?.find((name) => !config.regions.some((region) => region.name === name));
  if (unknown !== undefined)
    throw new Error(`${unknown} is not one of the environment's regions: ${config.regions.map(({ name }) => name).join(", ")}.`);
  const regions = config.regions.filter(({ name }) => values.region?.includes(name) ?? true);
  // A region that is lost, and not asked for, must not be in the way.
  await checkAccount(config.accountId, regions[0]?.name ?? primaryRegion(config));
  const environment = new Environment(config, ExpectedResources.synthesize(loaded));
  const results = await Promise.all([
    ...regions.map((region) => timed(region.name, () => runChecks(new LiveRegion(environment, region), REGION_CHECKS))),
    timed(FAILOVER, () => runChecks(new Live(environment, FAILOVER, ["global", FAILOVER]), FAILOVER_CHECKS)),
  ]);
  console.log(values.json ? json(results.flat()) : table(results.flat()));
  return exitCode(results.flat());
}

/** Says on the standard error how far it is: with many regions it takes a while. */
async function timed(scope: string, run: () => Promise<Result[]>): Promise<Result[]> {
  const start = Date.now();
  const results = await run();
  console.error(`${scope}: ${results.length} requirements in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return results;
}

command(main);
