import { readFileSync, writeFileSync } from "node:fs";
import { changesPage } from "../config/changes/page";
import { exampleFile } from "../config/example/example-file";
import { withPresetTable } from "../config/presets/overview";
import { command } from "../commands/command";

/**
 * Writes terraform.tfvars.example, docs/changes.md, and the table of presets in docs/deploy.md from the schema and the presets:
 * `npm run example`.
 */
function main(): Promise<number> {
  writeFileSync("terraform.tfvars.example", exampleFile());
  writeFileSync("docs/changes.md", changesPage());
  writeFileSync("docs/deploy.md", withPresetTable(readFileSync("docs/deploy.md", "utf8")));
  return Promise.resolve(0);
}

command(main);
