import { readFileSync, writeFileSync } from "node:fs";
import { command } from "../command";
import { citations } from "./citations";
import { PAGE, withLiveChecks } from "./page";

/** Writes the checks of `npm run verify` into docs/requirements.md: `npm run requirements`. */
function main(): number {
  writeFileSync(PAGE, withLiveChecks(readFileSync(PAGE, "utf8"), citations(process.cwd())));
  return 0;
}

command(main);
