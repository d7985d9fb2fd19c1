// Runs a TypeScript file of the project: node scripts/run.mjs <file> [arguments]
//
// Bundles it with esbuild first, unless the inputs have not changed since the bundle of an earlier run. `npm run check`
// checks the types, not every synth. The packages are a bundle of their own, which a change of the sources leaves as it is.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { execute } from "./run/execute.mjs";

/**
 * V8 optimizes the functions that it calls most. A synth ends before this pays off, and a fifth of its CPU time was for it. The flag
 * has another name in each version of V8, so versions of Node.js that are not in this list run without it.
 */
const OPTIMIZES_LATER = {
  20: "--interrupt-budget=4000000",
  22: "--invocation-count-for-turbofan=100000",
  24: "--invocation-count-for-turbofan=100000",
};
const project = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error("usage: node scripts/run.mjs <file.ts> [arguments]");
  process.exit(2);
}
const cache = join(project, "node_modules", ".cache", "standfast");
const name = entry.replace(/[^\w-]+/g, "-");

/** What the last build wrote, if no input has changed since. */
function freshBundles() {
  try {
    const { bundles, inputs } = JSON.parse(readFileSync(join(cache, `${name}.json`), "utf8"));
    const isFresh = Object.entries(inputs).every(([file, then]) => stamp(file) === then);
    return isFresh ? read(bundles) : undefined;
  } catch {
    // Without a manifest, or without a bundle that a concurrent run has replaced, the build starts again.
    return undefined;
  }
}

function stamp(file) {
  const stat = statSync(join(project, file), { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}:${stat.size}` : "gone";
}

function read(bundles) {
  const [own, packages] = [bundles.own, bundles.packages].map((bundle) => {
    const file = join(cache, bundle);
    // Bundles are ASCII. Node.js reads latin1 fastest.
    return { file, code: readFileSync(file, "latin1") };
  });
  return { own, packages };
}

async function build() {
  const { buildBundles } = await import("./run/build.mjs");
  return read(await buildBundles({ project, cache, entry, name, stamp }));
}

const optimizesLater = OPTIMIZES_LATER[process.versions.node.split(".")[0]];
if (optimizesLater) setFlagsFromString(optimizesLater);
// Versions are pinned. The warning concerns the Node.js version that later versions of the AWS SDK will require.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
const { own, packages } = freshBundles() ?? (await build());
process.argv = [process.argv[0], own.file, ...args];
const require = createRequire(import.meta.url);
const load = execute(packages, require);
execute(own, (path) => load[path]?.() ?? require(path));
