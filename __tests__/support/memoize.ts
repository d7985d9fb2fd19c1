import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const PROJECT = resolve(__dirname, "..", "..");
/** The sources that determine the synthesized text of a configuration. */
const SOURCES = [
  "config",
  "modules",
  "stacks",
  "docs/runbooks",
  "__tests__/support/config.ts",
  "__tests__/support/synthesis.ts",
  "package-lock.json",
];
const CACHE = join(PROJECT, "node_modules", ".cache", "standfast", "synthesized");

/** A folder for these sources only; folders of other sources are removed. */
function folder(): string {
  const digest = createHash("sha256");
  for (const source of SOURCES) for (const file of filesIn(source)) digest.update(file).update(readFileSync(join(PROJECT, file)));
  const own = digest.digest("hex").slice(0, 16);
  mkdirSync(join(CACHE, own), { recursive: true });
  for (const other of readdirSync(CACHE)) if (other !== own) rmSync(join(CACHE, other), { recursive: true, force: true });
  return join(CACHE, own);
}

function filesIn(path: string): string[] {
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(join(PROJECT, path), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesIn(`${path}/${entry.name}`) : [`${path}/${entry.name}`]))
    .sort();
}

let own: string | undefined;

/** The folder of the current sources. */
export function cacheFolder(): string {
  own ??= folder();
  return own;
}

/** A text that is created once and used by all test files until a source changes. */
export function memoize(key: string, make: () => string): string {
  const file = join(cacheFolder(), createHash("sha256").update(key).digest("hex"));
  if (existsSync(file)) return readFileSync(file, "utf8");
  const text = make();
  // A run with other sources may have removed the folder.
  mkdirSync(dirname(file), { recursive: true });
  // Written to another file and renamed: another test file never reads a partial text.
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
  return text;
}
