import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { command } from "../../commands/command";
import { siteOf } from "./site";

const HELP = `Writes the documentation as a folder of HTML pages that a browser opens without a server.

usage: npm run site [-- --out DIR] [--help]

  --out DIR  default: site. A folder that this command wrote is replaced

exit codes: 0 written, 1 a page has a link to nothing, or the folder is another one`;

function main(): number {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" }, out: { type: "string", default: "site" } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { out } = values;
  const files = siteOf(process.cwd());
  if (existsSync(out) && !existsSync(join(out, "search-index.js")))
    throw new Error(`${out} exists and is no site of this command. Name another folder with --out.`);
  rmSync(out, { recursive: true, force: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), content);
  }
  console.log(`${files.size} files. Open ${join(out, "index.html")} in a browser.`);
  return 0;
}

command(main);
