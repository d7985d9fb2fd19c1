import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./memoize";

/** In this form, `jest --findRelatedTests` finds the dependency. */
type Synthesis = typeof import("./synthesis");

/**
 * Node's own `require`. Jest loads every module again for every test file, and CDKTF with the stacks needs seconds until it
 * is warm; what Node has loaded stays for the next test files of the same worker.
 */
const nodeRequire = process.getBuiltinModule("node:module").createRequire(__filename);

/** The functions of `synthesis.ts`, bundled once for the sources as they are. */
export function synthesizer(): Synthesis {
  const bundle = join(cacheFolder(), "synthesis.cjs");
  if (!existsSync(bundle)) build(bundle);
  return nodeRequire(bundle) as Synthesis;
}

function build(bundle: string): void {
  const { buildSync } = nodeRequire("esbuild") as typeof import("esbuild");
  const draft = `${bundle}.${process.pid}`;
  buildSync({
    entryPoints: [join(__dirname, "synthesis.ts")],
    outfile: draft,
    bundle: true,
    platform: "node",
    target: "node20",
    // They load a WebAssembly file or a program from their own folder.
    external: ["@cdktf/hcl2json", "esbuild"],
    logLevel: "error",
  });
  // Another worker never reads a partial bundle.
  renameSync(draft, bundle);
}
