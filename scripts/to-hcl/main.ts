import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { command } from "../../commands/command";
import { type ProviderSchemas, toHcl } from "./convert";

const HELP = `Writes the Terraform JSON of a stack in the native syntax to the standard output.

usage: node scripts/run.mjs scripts/to-hcl/main.ts FOLDER SCHEMAS

  FOLDER   the folder of the stack, with its cdk.tf.json
  SCHEMAS  the output of terraform providers schema -json in this folder`;

command(() => {
  const { values, positionals } = parseArgs({ options: { help: { type: "boolean", short: "h" } }, allowPositionals: true });
  const [folder, schemas] = positionals;
  if (values.help || folder === undefined || schemas === undefined) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const parse = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
  process.stdout.write(toHcl(parse(join(folder, "cdk.tf.json")) as Parameters<typeof toHcl>[0], parse(schemas) as ProviderSchemas));
  return 0;
});
