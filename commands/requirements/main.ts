import { readFileSync, writeFileSync } from "node:fs";
import { command } from "../command";
import { citations } from "./citations";
import { PAGE, withLiveChecks } from "./page";

/** Writes the checks of `npm run verify` into docs/requirements.md: `npm run requirements`. */
function main(): Promise<number> {
  writeFileSync(PAGE, withLiveChecks(readFileSync(PAGE, "utf8"), citations(process.cwd())));
  return Promise.resolve(0);
}

command(main);
