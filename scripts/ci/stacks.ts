import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { command } from "../../commands/command";
import { deployOrder, destroyOrder, globalClusterOf, isRegion, type Manifest, stateRegionOf, suffixOf } from "./manifest";
import { readWriter } from "./writer";

const HELP = `Prints the stacks of the last synth in deployment order, one per line.

usage: node scripts/run.mjs scripts/ci/stacks.ts [--destroy]

  --destroy  in the order of a destroy. The cluster that writes to a global database can be deleted only after its other
             members, and after a takeover that is not the cluster of the first region. The writer is read from any region
             that responds, and its region comes last.

Fails when ENVIRONMENT_SUFFIX is not the suffix of the last synth, so that a pipeline without a synth cannot change another
environment.`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" }, destroy: { type: "boolean" } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const outdir = process.env["CDKTF_OUTDIR"] ?? "cdktf.out";
  const file = join(outdir, "manifest.json");
  if (!existsSync(file)) throw new Error(`${file} does not exist. Run npm run synth first.`);
  const order = deployOrder(JSON.parse(readFileSync(file, "utf8")) as Manifest);
  const read = (stack: string): unknown => JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
  const wanted = process.env["ENVIRONMENT_SUFFIX"];
  for (const stack of order) {
    const suffix = suffixOf(read(stack));
    if (wanted !== undefined && suffix !== wanted)
      throw new Error(`ENVIRONMENT_SUFFIX is ${wanted}, but ${outdir} was synthesized for ${suffix}. Run npm run synth first.`);
  }
  for (const stack of values.destroy ? destroyOrder(order, await lastRegion(order, read("global"))) : order) console.log(stack);
  return 0;
}

/** The region that is destroyed after all others: that of the writer of the global database, otherwise the first region. */
async function lastRegion(order: readonly string[], global: unknown): Promise<string> {
  const regions = order.filter(isRegion);
  const first = stateRegionOf(global) ?? regions[0] ?? "";
  const globalCluster = globalClusterOf(global);
  if (globalCluster === undefined) return first;
  const writer = await readWriter(globalCluster, regions);
  if (writer === "none") return first;
  if ("unknown" in writer) {
    console.error(
      `The writer of the global database ${globalCluster} cannot be read (${writer.unknown}). The regions are destroyed in their normal order, which stops at the cluster of ${first} if another region is the primary after a takeover.`,
    );
    return first;
  }
  if (writer.region !== first)
    console.error(
      `The cluster of ${writer.region} is the writer of the global database ${globalCluster}, and can be deleted only after the others: ${writer.region} is the last region that is destroyed.`,
    );
  return writer.region;
}

command(main);
