import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Graph, type TerraformJson } from "./graph";

/** Reads every file of Terraform JSON below a folder: `cdk.tf.json`, or another `*.tf.json`. @throws with a sentence if there is none */
export function readStacks(folder: string): readonly Graph[] {
  if (!existsSync(folder)) throw new Error(`${folder} does not exist. Run npm run synth first, or name a folder with --from.`);
  const files = filesBelow(folder);
  if (files.length === 0)
    throw new Error(`${folder} has no file of Terraform JSON (*.tf.json). Run npm run synth first, or name a folder with --from.`);
  return files.map((file) => {
    try {
      return new Graph(basename(dirname(file)), JSON.parse(readFileSync(file, "utf8")) as TerraformJson);
    } catch (error) {
      throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== ".terraform" && name !== "node_modules")
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.name.endsWith(".tf.json") ? [path] : [];
    })
    .sort();
}
