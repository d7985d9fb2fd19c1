import { readFileSync, writeFileSync } from "node:fs";
import { writer } from "../command";
import { columns } from "./citations";
import { PAGE, withCitations } from "./page";

const HELP = `Writes the checks of npm run verify and the claims of npm run prove into the rows of ${PAGE} that they name.

usage: npm run requirements [-- --help]

Exit codes: 0 written, 1 error.`;

writer(HELP, () => {
  writeFileSync(PAGE, withCitations(readFileSync(PAGE, "utf8"), columns(process.cwd())));
});
