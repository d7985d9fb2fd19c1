import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { leaner } from "./leaner.mjs";

/** These packages load a WebAssembly file, or a program, from their own folder. */
const EXTERNAL = ["@cdktf/hcl2json", "esbuild", "typescript"];
const OPTIONS = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  charset: "ascii",
  // `require` loads a package from the bundle of the packages, and `import()` could not.
  supported: { "dynamic-import": false },
  minifyWhitespace: true,
  logLevel: "error",
  write: false,
  // execute.mjs calls this function.
  banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
  footer: { js: "})" },
};
const FOLDER = dirname(fileURLToPath(import.meta.url));

/**
 * Builds two bundles: the sources of an entry, and the packages that they import. The name of each has a hash, so that a bundle,
 * the code that V8 compiled of it and the manifest always agree, whatever concurrent runs write.
 * @returns the names of the bundles in the cache folder
 */
export async function buildBundles({ project, cache, entry, name, stamp }) {
  const start = Date.now();
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    absWorkingDir: project,
    entryPoints: [join(project, entry)],
    outfile: join(cache, `${name}.cjs`),
    packages: "external",
    metafile: true,
  });
  const tools = ["run.mjs", ...readdirSync(FOLDER).map((file) => `run/${file}`)].map((file) => `scripts/${file}`);
  const files = [...Object.keys(metafile.inputs), ...tools, "package-lock.json", "tsconfig.json"];
  // A file that changed after the build had read it: the next run builds again.
  const isLater = (file) => (statSync(join(project, file), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= start;
  const inputs = Object.fromEntries(files.map((file) => [file, isLater(file) ? "changed during the build" : stamp(file)]));
  const { text } = outputFiles[0];
  const own = `${name}-${hash(text)}.cjs`;
  mkdirSync(cache, { recursive: true });
  write(join(cache, own), text);
  const bundles = { own, packages: await packagesBundle({ project, cache, name, imported: importedBy(metafile) }) };
  write(join(cache, `${name}.json`), JSON.stringify({ bundles, inputs }));
  removeFormer(cache, name, Object.values(bundles));
  return bundles;
}

/** Packages that the sources import, without those of Node.js. */
function importedBy({ outputs }) {
  const paths = Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  return [...new Set(paths)].filter((path) => !isBuiltin(path) && !EXTERNAL.includes(path)).sort();
}

async function packagesBundle({ project, cache, name, imported }) {
  const contents = `module.exports = {${imported.map((path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(path)})`).join()}};`;
  const tools = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file), "utf8"));
  const bundle = `${name}-packages-${hash(contents, readFileSync(join(project, "package-lock.json")), ...tools)}.cjs`;
  if (existsSync(join(cache, bundle))) return bundle;
  const { outputFiles } = await build({
    ...OPTIONS,
    absWorkingDir: project,
    stdin: { contents, resolveDir: project },
    outfile: join(cache, bundle),
    external: EXTERNAL,
    plugins: [leaner],
  });
  write(join(cache, bundle), outputFiles[0].text);
  return bundle;
}

function hash(...parts) {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part).update("\0");
  return digest.digest("hex").slice(0, 16);
}

/** Writes to a temporary file and renames it: concurrent runs never read a partial file. */
function write(file, content) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}

/** A run that has read a former manifest and no longer finds its bundles builds them again. */
function removeFormer(cache, name, bundles) {
  const pattern = new RegExp(`^${name}-(?:packages-)?[0-9a-f]{16}\\.cjs`);
  const former = readdirSync(cache).filter((file) => pattern.test(file) && !bundles.some((bundle) => file.startsWith(bundle)));
  for (const file of former) rmSync(join(cache, file), { force: true });
}
