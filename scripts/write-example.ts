import { readFileSync, writeFileSync } from "node:fs";
import { exampleFile } from "../config/example/example-file";
import { withPresetTable } from "../config/presets/overview";
import { writer } from "../commands/command";

const HELP = `Writes terraform.tfvars.example, and the table of presets in docs/deploy.md, from the schema and the presets.

usage: npm run example [-- --help]

Exit codes: 0 written, 1 error.`;

writer(HELP, () => {
  writeFileSync("terraform.tfvars.example", exampleFile());
  writeFileSync("docs/deploy.md", withPresetTable(readFileSync("docs/deploy.md", "utf8")));
});
