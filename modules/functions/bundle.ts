import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";

/** How the code is made. The target is the Node version of the functions' runtime. */
const OPTIONS = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22",
  legalComments: "none",
} as const;
/** A zip file's dates begin here; a fixed one makes the same zip of the same sources. */
const NO_DATE = new Date(1980, 0, 1);

/**
 * A function's code as the zip file that Lambda takes: `<folder>/index.ts` with all that it imports, the AWS SDK too, so
 * that what runs is what was tested. Kept beside the project's other caches, by a hash of the sources, of the pinned
 * packages and of how the code is made.
 * @param folder below the project's own, e.g. `modules/backup/export-service`; it holds all of the function's own sources
 * @param file where the code is inside the zip
 * @returns path of the zip file
 * @throws where the folder holds another: what is in there would change the code and not the hash
 */
export function bundle(folder: string, file = "index.js"): string {
  const key = `${folder} ${file}`;
  const zip = bundled.get(key) ?? kept(folder, file);
  bundled.set(key, zip);
  return zip;
}

/** What this process has bundled: every region has the same functions. */
const bundled = new Map<string, string>();

function kept(folder: string, file: string): string {
  const project = process.cwd();
  const entries = readdirSync(join(project, folder), { withFileTypes: true });
  const inner = entries.find((entry) => entry.isDirectory());
  if (inner) throw new Error(`${folder} holds the folder ${inner.name}: a function's folder holds files only`);
  const sources = entries.map(({ name }) => join(project, folder, name)).sort();
  const digest = createHash("sha256").update(JSON.stringify(OPTIONS)).update(file);
  for (const source of [...sources, join(project, "package-lock.json")]) digest.update(readFileSync(source));
  // The file's own name is in the plan. With the hash in it, other packages alone would change every function.
  const zip = join(project, "node_modules", ".cache", "standfast", digest.digest("hex"), `${folder.replaceAll("/", "-")}.zip`);
  if (existsSync(zip)) return zip;
  mkdirSync(dirname(zip), { recursive: true });
  // Written beside and renamed: another synth at the same time never reads half a file.
  const draft = `${zip}.${process.pid}`;
  writeFileSync(draft, build(folder, file));
  renameSync(draft, zip);
  return zip;
}

/** Makes the zip file. The same sources make the same bytes. */
export function build(folder: string, file = "index.js"): Uint8Array {
  const project = process.cwd();
  // Loaded only when there is something to build, which most synths have not.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { outputFiles } = buildSync({
    absWorkingDir: project,
    entryPoints: [join(project, folder, "index.ts")],
    ...OPTIONS,
    write: false,
    logLevel: "error",
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return zipSync({ [file]: [code, { mtime: NO_DATE }] }, { level: 9 });
}
