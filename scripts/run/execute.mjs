import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** V8 accepts the cache of its own version only. Runs of several versions of Node.js do not replace each other's cache. */
const VERSION = `${process.version}-${process.arch}`;

/**
 * Runs a bundle of build.mjs, with the code that V8 compiled in an earlier run. A missing or unreadable cache, or one that V8
 * rejects, costs time and changes nothing.
 * @returns the exports of the bundle
 */
export function execute({ file, code }, require) {
  const cacheFile = `${file}.${VERSION}.code`;
  const cachedData = readCache(cacheFile);
  const script = new Script(code, { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  // After the run, the cache also contains the functions that V8 compiles when they are first called.
  if (!cachedData || script.cachedDataRejected) process.once("exit", () => writeCache(cacheFile, script.createCachedData()));
  return module.exports;
}

function readCache(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function writeCache(file, data) {
  try {
    // Written to a temporary file and renamed: concurrent runs never read a partial file.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, data);
    renameSync(draft, file);
  } catch {
    // Without a writable folder, the next run compiles again.
  }
}
