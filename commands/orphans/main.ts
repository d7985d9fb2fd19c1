import { parseArgs } from "node:util";
import { HEALTH_METRICS_REGION } from "../../config/regions";
import { loadConfig } from "../../config/load";
import { serviceDomain } from "../../stacks/domains";
import { stateBucket } from "../../stacks/state-backend";
import { command } from "../command";
import { identify } from "./kinds";
import { knownIds, type Synthesized, synthesized } from "./known";
import { findLive, type LiveResource } from "./live";

const HELP = `Lists what exists in the account under an environment's suffix and is in no state of it: what an apply that was
killed has left behind. Reads only.

usage: npm run orphans [-- --suffix SUFFIX] [--json] [--help]

  --suffix SUFFIX  the environment (default: the one of terraform.tfvars)
  --json           an array of { arn, stack, import, remove } instead of text

After an apply was killed:
  1. terraform force-unlock ID    in the stack's folder; the refused apply names the ID
  2. npm run orphans              and for each line, either the import, in the stack's folder, or the removal
  3. terraform apply

Addresses for the imports come from the last synth (cdktf.out, or CDKTF_OUTDIR). The exit code is 0 when nothing is left
behind and 3 when something is.`;

interface Orphan {
  readonly arn: string;
  /** Stack in whose folder the import runs, when the last synth knows the thing. */
  readonly stack?: string | undefined;
  readonly import?: string | undefined;
  readonly remove: string;
}

const FOUND = 3;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { help: { type: "boolean", short: "h" }, suffix: { type: "string" }, json: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { config } = await loadConfig(
    process.cwd(),
    values.suffix === undefined ? process.env : { ...process.env, ENVIRONMENT_SUFFIX: values.suffix },
  );
  const { environmentSuffix: suffix, accountId } = config;
  const own = config.regions.map(({ name }) => name);
  const buckets = own.map((region) => ({ region, bucket: stateBucket(config, region) }));
  // Alarms on health checks stand in us-east-1 whatever the regions are.
  const regions = [...new Set([...own, HEALTH_METRICS_REGION])];
  const known = await knownIds(buckets, suffix);
  const live = await findLive({ suffix, accountId, regions, domain: serviceDomain(config), zoneId: config.dns.zoneId });
  const stacks = synthesized(process.env["CDKTF_OUTDIR"] ?? "cdktf.out");
  const orphans = live.flatMap((resource) => findOrphan(resource, known, stacks));
  console.log(values.json ? JSON.stringify(orphans) : text(orphans, suffix));
  return orphans.length === 0 ? 0 : FOUND;
}

function findOrphan({ arn, nameTag }: LiveResource, known: ReadonlySet<string>, stacks: readonly Synthesized[]): Orphan[] {
  const identified = identify(arn);
  if (!identified) return [];
  const { kind, id } = identified;
  const importId = typeof kind.importId === "function" ? kind.importId(arn) : kind.importId === "arn" ? arn : id;
  if (known.has(arn) || known.has(importId) || known.has(id)) return [];
  const [match, ...others] = stacks.filter(
    ({ type, names }) =>
      kind.types.includes(type) &&
      names.some((name) => name === id || name === nameTag || id.includes(`/${name}/`) || id.startsWith(`${name}-`)),
  );
  const remove = kind.remove.replace("{0}", id).replace("{arn}", arn);
  // Two candidates are none: a wrong import is worse than a look by hand.
  return [
    match && others.length === 0
      ? { arn, stack: match.stack, import: `terraform import '${match.address}' '${importId}'`, remove }
      : { arn, remove },
  ];
}

function text(orphans: readonly Orphan[], suffix: string): string {
  if (orphans.length === 0) return `Nothing exists under the suffix ${suffix} that is in no state.`;
  const paragraphs = orphans.map(({ arn, stack, import: command, remove }) =>
    [
      arn,
      command ? `  take over (in stacks/${stack}):  ${command}` : "  take over:  by hand; the last synth does not know it",
      `  or remove:  ${remove}`,
    ].join("\n"),
  );
  return [`${orphans.length} things exist under the suffix ${suffix} and are in no state:`, ...paragraphs].join("\n\n");
}

command(main);
