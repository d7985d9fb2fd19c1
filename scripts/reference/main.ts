import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { command } from "../../commands/command";
import { referencePages } from "./pages";

const FOLDER = "docs/reference";
const HELP = `Writes ${FOLDER}: the configuration, the modules, the alarms, the outputs, the IAM permissions and the commands, from the
schema, the sources, the Terraform JSON of every option, and the --help of every command.

usage: npm run reference [-- --into FOLDER] [--help]

  --into FOLDER  write the pages below FOLDER instead of the project

Exit codes: 0 written, 1 error.`;

command(() => {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" }, into: { type: "string" } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { into = "." } = values;
  const pages = referencePages();
  // The page of a module that no longer exists is deleted.
  rmSync(join(into, FOLDER), { recursive: true, force: true });
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), text);
  }
  return 0;
});
