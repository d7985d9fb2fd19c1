import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, measure, project, run, scratch } from "./measure.mjs";

/** Each function: the size of its code, and the CPU time to load it, without that of Node.js itself. */
export function measureFunctions({ runs }) {
  const { status, stdout, stderr } = run(process.execPath, ["scripts/run.mjs", "scripts/bundles.ts", folder("functions")], project);
  if (status !== 0) throw new Error(`the functions cannot be bundled: ${stderr}`);
  const nothing = join(scratch, "nothing.js");
  writeFileSync(nothing, "");
  // Some functions read environment variables when they are loaded, and throw: everything else is loaded by then.
  const script = "try { require(process.argv[1]) } catch (error) { if (!/environment variable/.test(error.message)) throw error }";
  const load = (file) => measure([process.execPath, "-e", script, file], { runs });
  const floor = load(nothing).cpu;
  return JSON.parse(stdout).map(({ name, file, bytes }) => {
    const loaded = load(file);
    return { name: `function ${name}, ${(bytes / 1000).toFixed(0)} kB`, id: name, ...loaded, cpu: Math.max(0, loaded.cpu - floor) };
  });
}
