// Runs a TypeScript file of the project: node scripts/run.mjs <file> [arguments]
//
// Bundles it with esbuild first, unless the inputs have not changed since the bundle of an earlier run. `npm run check`
// checks the types, not every synth.
import { createRequire } from "node:module";
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const project = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error("usage: node scripts/run.mjs <file.ts> [arguments]");
  process.exit(2);
}
const require = createRequire(import.meta.url);
const bundle = join(project, "node_modules", ".cache", "standfast", `${entry.replace(/[^\w-]+/g, "-")}.cjs`);
const inputsFile = `${bundle}.inputs`;

const stamp = (file) => {
  const stat = existsSync(file) ? statSync(file) : undefined;
  return stat ? `${stat.mtimeMs}:${stat.size}` : "gone";
};

function isFresh() {
  if (!existsSync(bundle) || !existsSync(inputsFile)) return false;
  const inputs = JSON.parse(readFileSync(inputsFile, "utf8"));
  return Object.entries(inputs).every(([file, then]) => stamp(join(project, file)) === then);
}

/**
 * cdktf captures a stack trace for every token, which takes a tenth of a synth. No known error message of cdktf contains
 * these traces.
 */
const withoutTraces = {
  name: "without-traces",
  setup: ({ onLoad }) => {
    onLoad({ filter: /cdktf[\\/]lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/ }, () => ({
      contents: "exports.captureStackTrace = () => [];",
    }));
  },
};

async function build() {
  const { build: esbuild } = await import("esbuild");
  // Written to a temporary file and renamed: concurrent runs never read a partial file.
  const draft = `${bundle}.${process.pid}`;
  const { metafile } = await esbuild({
    entryPoints: [join(project, entry)],
    outfile: draft,
    absWorkingDir: project,
    bundle: true,
    platform: "node",
    target: "node20",
    // These packages load a WebAssembly file, or a program, from their own folder.
    external: ["@cdktf/hcl2json", "esbuild", "typescript"],
    plugins: [withoutTraces],
    minifyWhitespace: true,
    logLevel: "error",
    metafile: true,
  });
  const own = Object.keys(metafile.inputs).filter((file) => !file.startsWith("node_modules/"));
  const inputs = [...own, "package-lock.json", "scripts/run.mjs"];
  writeFileSync(`${draft}.inputs`, JSON.stringify(Object.fromEntries(inputs.map((file) => [file, stamp(join(project, file))]))));
  renameSync(draft, bundle);
  renameSync(`${draft}.inputs`, inputsFile);
}

// Versions are pinned. The warning concerns the Node.js version that later versions of the AWS SDK will require.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
if (!isFresh()) await build();
process.argv = [process.argv[0], bundle, ...args];
require(bundle);
