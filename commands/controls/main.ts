import { writeFileSync } from "node:fs";
import { writer } from "../command";
import { CONTROL_STATUSES } from "./statuses";
import { catalog } from "./catalog";
import { PAGE, page } from "./page";

const HELP = `Writes ${PAGE}: the answer to each control of the catalogs in commands/controls.

usage: npm run controls [-- --help]

Exit codes: 0 written, 1 error.`;

writer(HELP, () => {
  writeFileSync(PAGE, page(catalog(process.cwd()), CONTROL_STATUSES));
});
