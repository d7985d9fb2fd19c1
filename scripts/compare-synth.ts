import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CONFIGURATIONS } from "../__tests__/support/configurations";
import { command } from "../commands/command";
import { synthesize } from "./synthesize";

const HELP = `Compares the Terraform JSON of many configurations before and after a change.

usage: npm run compare-synth -- save FOLDER
       npm run compare-synth -- compare FOLDER

  save     writes the JSON of every configuration of __tests__/support/configurations.ts below FOLDER
  compare  prints each file that differs from the one below FOLDER, with the first line that differs

Exit codes of compare: 0 no differences, 3 at least one file differs.`;

const DIFFERENT = 3;

/** Every stack of every configuration, as `<configuration>/<stack>.json`, by its JSON. */
function everyText(): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, overrides] of Object.entries(CONFIGURATIONS)) {
    for (const [stack, text] of synthesize(overrides)) texts.set(`${name}/${stack}.json`, text);
  }
  return texts;
}

function save(folder: string): number {
  const texts = everyText();
  for (const [file, text] of texts) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  console.log(`${texts.size} files written below ${folder}.`);
  return 0;
}

function compare(folder: string): number {
  const texts = everyText();
  const differences = [...texts].flatMap(([file, text]) => difference(join(folder, file), file, text));
  for (const line of differences) console.log(line);
  console.log(`${differences.length} of ${texts.size} files differ.`);
  return differences.length === 0 ? 0 : DIFFERENT;
}

function difference(path: string, file: string, text: string): string[] {
  if (!existsSync(path)) return [`${file}: not saved`];
  const before = readFileSync(path, "utf8");
  if (before === text) return [];
  const [old, now] = [before.split("\n"), text.split("\n")];
  const line = now.findIndex((content, index) => content !== old[index]);
  return [`${file}:${line + 1}\n  before: ${old[line]?.trim() ?? ""}\n  after:  ${now[line]?.trim() ?? ""}`];
}

command(() => {
  const { values, positionals } = parseArgs({ options: { help: { type: "boolean", short: "h" } }, allowPositionals: true });
  const [action, folder] = positionals;
  if (values.help || folder === undefined || (action !== "save" && action !== "compare")) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  return action === "save" ? save(folder) : compare(folder);
});
