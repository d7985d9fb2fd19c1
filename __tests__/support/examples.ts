import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "./run";

const PROJECT = resolve(__dirname, "..", "..");

/** Synthesizes an example, and returns the folder of its only stack. @throws when it fails or has another number of stacks */
export async function synthExample(name: string, outdir: string): Promise<string> {
  const { code, stderr } = await run(process.execPath, ["scripts/run.mjs", `examples/${name}/main.ts`], {
    cwd: PROJECT,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  if (code !== 0) throw new Error(`the synth of ${name} ended with ${code}:\n${stderr}`);
  const [stack = "", ...others] = readdirSync(join(outdir, "stacks"));
  if (others.length > 0) throw new Error(`${name} has ${others.length + 1} stacks`);
  return join(outdir, "stacks", stack);
}
