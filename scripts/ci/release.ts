import { DescribeServicesCommand, ECSClient, type Service } from "@aws-sdk/client-ecs";
import { parseArgs } from "node:util";
import { command } from "../../commands/command";
import { imageText, readRunningService, type RunningService } from "../../commands/running-images";
import { readSynthOutput } from "./last-synth";
import { isRegion, servicesOf } from "./manifest";

const HELP = `Prints the images that ECS runs, for each region and service of the last synth, one per line.

usage: node scripts/run.mjs scripts/ci/release.ts

It reads ECS, not the state: after a deployment that ECS has rolled back, the state contains an image that does not run.`;

/** Time for one region to respond. A lost region may not respond at all. */
const TIMEOUT_MILLISECONDS = 10_000;
/** Maximum number of services in one call. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const SERVICES_AT_ONCE = 10;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { order, read } = readSynthOutput();
  const regions = order.filter(isRegion).map((region) => ({ region, ...servicesOf(read(region)) }));
  const rows = await Promise.all(regions.map(({ region, cluster, services }) => rowsOf(region, cluster, services)));
  for (const line of aligned(rows.flat())) console.log(line);
  return 0;
}

type Row = readonly [region: string, service: string, text: string];

async function rowsOf(region: string, cluster: string, names: readonly string[]): Promise<Row[]> {
  const requestHandler = { connectionTimeout: TIMEOUT_MILLISECONDS, requestTimeout: TIMEOUT_MILLISECONDS, throwOnRequestTimeout: true };
  const ecs = new ECSClient({ region, maxAttempts: 2, requestHandler });
  const rows: Row[] = [];
  for (let index = 0; index < names.length; index += SERVICES_AT_ONCE) {
    const part = names.slice(index, index + SERVICES_AT_ONCE);
    rows.push(...(await describe(ecs, region, cluster, part).catch((error: unknown) => [unreadable(region, part, error)])));
  }
  return rows;
}

async function describe(ecs: ECSClient, region: string, cluster: string, names: readonly string[]): Promise<Row[]> {
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [...names] })).catch(withoutCluster);
  return Promise.all(
    names.map(async (name): Promise<Row> => {
      const service = services.find(({ serviceName, status }) => serviceName === name && status === "ACTIVE");
      return [region, name, service ? runningText(await readRunningService(ecs, service)) : "does not exist"];
    }),
  );
}

/** Before the first deployment, there is no cluster. */
function withoutCluster(error: unknown): { readonly services?: Service[] } {
  if (error instanceof Error && error.name === "ClusterNotFoundException") return {};
  throw error;
}

function runningText({ revision, newest, rolloutState }: RunningService): string {
  const image = imageText(revision);
  if (newest && newest.name !== revision.name) return `${image}, and not the newest revision, which has ${imageText(newest)}`;
  return rolloutState === "COMPLETED" ? image : `${image}, whose deployment is ${rolloutState}`;
}

function unreadable(region: string, names: readonly string[], error: unknown): Row {
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [region, names.join(" "), `cannot be read (${cause})`];
}

/** Each row as a line, with the columns under each other. */
function aligned(rows: readonly Row[]): string[] {
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  return rows.map(([region, service, text]) => `  ${region.padEnd(width(0))}  ${service.padEnd(width(1))}  ${text}`);
}

command(main);
