import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const PACKAGE = "standfast";

let known: string | undefined;

/**
 * The folder of this package, which contains the sources of the functions and the runbook pages. It is not the working directory
 * when another app imports the modules.
 * @throws when this code is bundled into an app in whose `node_modules` the package is not installed
 */
export function packageFolder(): string {
  // An app that is bundled as an ECMAScript module has no __dirname.
  known ??= (typeof __dirname === "string" ? ownFolder(__dirname) : undefined) ?? installedIn(process.cwd());
  if (known === undefined) throw new Error(`the package ${PACKAGE} is not installed in ${process.cwd()}: run npm install there`);
  return known;
}

/** The nearest folder above that is this package: also from its cache of bundles. */
function ownFolder(start: string): string | undefined {
  if (isPackage(start)) return start;
  return dirname(start) === start ? undefined : ownFolder(dirname(start));
}

/** An app may be bundled with the modules into one file of its own. */
function installedIn(app: string): string | undefined {
  try {
    return dirname(createRequire(join(app, "package.json")).resolve(`${PACKAGE}/package.json`));
  } catch {
    return undefined;
  }
}

function isPackage(folder: string): boolean {
  const file = join(folder, "package.json");
  return existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { readonly name?: string }).name === PACKAGE;
}
