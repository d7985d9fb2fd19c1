import { writeFileSync } from "node:fs";
import { command } from "../command";
import { CONTROL_STATUSES } from "./statuses";
import { catalog } from "./catalog";
import { PAGE, page } from "./page";

/** Writes the page on security controls anew: `npm run controls`. */
function main(): Promise<number> {
  writeFileSync(PAGE, page(catalog(process.cwd()), CONTROL_STATUSES));
  return Promise.resolve(0);
}

command(main);
