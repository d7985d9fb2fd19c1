import { parseArgs } from "node:util";
import { HEALTH_METRICS_REGION } from "../../config/regions";
import { loadConfig } from "../../config/load";
import { serviceDomain } from "../../stacks/domains";
import { stateBucket } from "../../stacks/state-backend";
import { command, warnOfExample } from "../command";
import { readLastSynth } from "../last-synth";
import { identify } from "./kinds";
import { knownIds, type Synthesized, synthesized } from "./known";
import { findLive, type LiveResource } from "./live";

const HELP = `Lists resources that exist in the account under an environment's suffix and are not in its Terraform state, for example
after a killed apply, or because an AWS service created them again. Makes only read calls to AWS.

usage: npm run orphans [-- --suffix SUFFIX] [--json] [--help]

  --suffix SUFFIX  suffix of the environment (default: environment_suffix in terraform.tfvars)
  --json           print an array of { arn, stack, import, remove } instead of text

After a killed apply:
  1. terraform force-unlock ID    in the folder of the stack; the error of the next apply contains the ID
  2. npm run orphans              for each resource, run either the import, in the folder of the stack, or the removal
  3. terraform apply

After a destroy, npm run cleanup deletes the log groups that AWS services have created again. Keys of final snapshots are not
listed.

The import addresses are those of the last synth (cdktf.out, or CDKTF_OUTDIR). Exit codes: 0 no orphans, 3 at least one,
1 error.`;

interface Orphan {
  readonly arn: string;
  /** Stack in whose folder the import runs. Absent when the last synth does not contain the resource. */
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
  const loaded = await loadConfig(
    process.cwd(),
    values.suffix === undefined ? process.env : { ...process.env, ENVIRONMENT_SUFFIX: values.suffix },
  );
  warnOfExample(loaded);
  const { config } = loaded;
  const { environmentSuffix: suffix, accountId } = config;
  const ownRegions = [...config.regions.map(({ name }) => name), ...config.removedRegions];
  const buckets = ownRegions.map((region) => ({ region, bucket: stateBucket(config, region) }));
  // Alarms on Route 53 health checks are always in us-east-1.
  const regions = [...new Set([...ownRegions, HEALTH_METRICS_REGION])];
  const known = await knownIds(buckets, suffix);
  const outdir = process.env["CDKTF_OUTDIR"] ?? "cdktf.out";
  const synth = readLastSynth(outdir);
  const own = synth?.suffix === suffix ? synth : undefined;
  const live = await findLive({
    suffix,
    accountId,
    regions,
    domain: serviceDomain(config),
    zoneId: config.dns.zoneId,
    synthesizedIn: (region) => ({ logGroups: own?.logGroupsIn(region) ?? [], canaries: own?.canariesIn(region) ?? [] }),
  });
  const stacks = synthesized(outdir);
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
  // With several candidates there is no import: a wrong import is worse than a manual check.
  return [
    match && others.length === 0
      ? { arn, stack: match.stack, import: `terraform import '${match.address}' '${importId}'`, remove }
      : { arn, remove },
  ];
}

function text(orphans: readonly Orphan[], suffix: string): string {
  if (orphans.length === 0) return `All resources with the suffix ${suffix} are in a Terraform state.`;
  const paragraphs = orphans.map(({ arn, stack, import: command, remove }) =>
    [
      arn,
      command ? `  import (in stacks/${stack}):  ${command}` : "  import:  manual; the last synth does not contain it",
      `  or remove:  ${remove}`,
    ].join("\n"),
  );
  return [`${orphans.length} resources with the suffix ${suffix} are not in a Terraform state:`, ...paragraphs].join("\n\n");
}

command(main);
