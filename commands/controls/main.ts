import { writeFileSync } from "node:fs";
import { command } from "../command";
import { CONTROL_STATUSES } from "./statuses";
import { catalog } from "./catalog";
import { PAGE, page } from "./page";

/** Writes docs/security.md: `npm run controls`. */
function main(): number {
  writeFileSync(PAGE, page(catalog(process.cwd()), CONTROL_STATUSES));
  return 0;
}

command(main);
