import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { command } from "../../commands/command";
import { deployOrder, type Manifest, suffixOf } from "./manifest";

const HELP = `Prints the stacks of the last synth in deployment order, one per line.

usage: node scripts/run.mjs scripts/ci/stacks.ts [--reverse]

Fails when ENVIRONMENT_SUFFIX is not the suffix of the last synth, so that a pipeline without a synth cannot change another
environment.`;

function main(): number {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" }, reverse: { type: "boolean" } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const outdir = process.env["CDKTF_OUTDIR"] ?? "cdktf.out";
  const file = join(outdir, "manifest.json");
  if (!existsSync(file)) throw new Error(`${file} does not exist. Run npm run synth first.`);
  const order = deployOrder(JSON.parse(readFileSync(file, "utf8")) as Manifest);
  const wanted = process.env["ENVIRONMENT_SUFFIX"];
  for (const stack of order) {
    const suffix = suffixOf(JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")));
    if (wanted !== undefined && suffix !== wanted)
      throw new Error(`ENVIRONMENT_SUFFIX is ${wanted}, but ${outdir} was synthesized for ${suffix}. Run npm run synth first.`);
  }
  for (const stack of values.reverse ? order.reverse() : order) console.log(stack);
  return 0;
}

command(main);
