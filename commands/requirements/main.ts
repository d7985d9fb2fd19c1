import { readFileSync, writeFileSync } from "node:fs";
import { command } from "../command";
import { columns } from "./citations";
import { PAGE, withCitations } from "./page";

/** Writes the checks of `npm run verify` and the claims of `npm run prove` into docs/requirements.md: `npm run requirements`. */
function main(): number {
  writeFileSync(PAGE, withCitations(readFileSync(PAGE, "utf8"), columns(process.cwd())));
  return 0;
}

command(main);
