import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Deletes the folders of stacks that an earlier synth has written and this one has not: every other command would read them as
 * a part of the environment. `cdktf synth` does the same. A folder with a local state remains.
 * @param names of the stacks of this synth
 * @returns the names of the deleted stacks
 */
export function deleteFormerStacks(outdir: string, names: readonly string[]): readonly string[] {
  const folder = join(outdir, "stacks");
  const former = (existsSync(folder) ? readdirSync(folder) : []).filter(
    (name) =>
      !names.includes(name) && existsSync(join(folder, name, "cdk.tf.json")) && !existsSync(join(folder, name, "terraform.tfstate")),
  );
  for (const name of former) rmSync(join(folder, name), { recursive: true });
  return former;
}
