import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deployOrder, type Manifest } from "./manifest";

/** The output folder of the last synth. */
export interface SynthOutput {
  readonly outdir: string;
  /** The stacks in the order of deployment. */
  readonly order: readonly string[];
  /** The JSON of a stack. */
  readonly read: (stack: string) => unknown;
}

/** @throws without a synth */
export function readSynthOutput(): SynthOutput {
  const outdir = process.env["CDKTF_OUTDIR"] ?? "cdktf.out";
  const file = join(outdir, "manifest.json");
  if (!existsSync(file)) throw new Error(`${file} does not exist. Run npm run synth first.`);
  return {
    outdir,
    order: deployOrder(JSON.parse(readFileSync(file, "utf8")) as Manifest),
    read: (stack) => JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as unknown,
  };
}
