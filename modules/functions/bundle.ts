import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFolder } from "../../config/package-folder";

/** Options of esbuild. The target is the Node.js version of the Lambda runtime. */
const OPTIONS = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22",
  legalComments: "none",
} as const;
/** First date that a zip file supports. A fixed date makes the build reproducible. */
const NO_DATE = new Date(1980, 0, 1);

/**
 * Bundles the code of a function into the zip file that Lambda expects: `<folder>/index.ts` with all imports, including the
 * AWS SDK, so that the deployed code is the tested code. The cache key is a hash of the sources, of the pinned packages and of
 * the esbuild options.
 * @param folder relative to the package, e.g. `modules/backup/service-export`, with all sources of the function
 * @param file path of the code in the zip file
 * @returns path of the zip file
 * @throws when the folder contains another folder, whose files would change the code and not the hash
 */
export function bundle(folder: string, file = "index.js"): string {
  const key = `${folder} ${file}`;
  const zip = bundled.get(key) ?? cachedBundle(folder, file);
  bundled.set(key, zip);
  return zip;
}

/** Zip files of this process: every region has the same functions. */
const bundled = new Map<string, string>();

/** Hash of the pinned packages, once for each project folder: it is the same for every function, and the file is large. */
const packagesDigests = new Map<string, string>();

function packagesDigest(project: string): string {
  const known = packagesDigests.get(project);
  if (known !== undefined) return known;
  const digest = createHash("sha256")
    .update(readFileSync(join(project, versionsIn(project))))
    .digest("hex");
  packagesDigests.set(project, digest);
  return digest;
}

function cachedBundle(folder: string, file: string): string {
  const project = packageFolder();
  const entries = readdirSync(join(project, folder), { withFileTypes: true });
  const inner = entries.find((entry) => entry.isDirectory());
  if (inner) throw new Error(`${folder} contains the folder ${inner.name}: the folder of a function must contain only files`);
  const sources = entries.map(({ name }) => join(project, folder, name)).sort();
  const digest = createHash("sha256").update(JSON.stringify(OPTIONS)).update(file);
  for (const source of sources) digest.update(readFileSync(source));
  digest.update(packagesDigest(project));
  // The file name is in the plan. With the hash in the name, updated packages alone would change every function.
  const zip = join(project, "node_modules", ".cache", "standfast", digest.digest("hex"), `${folder.replaceAll("/", "-")}.zip`);
  if (existsSync(zip)) return zip;
  mkdirSync(dirname(zip), { recursive: true });
  // Written to a temporary file and renamed, so that a concurrent synth never reads a partial file.
  const temporary = `${zip}.${process.pid}`;
  writeFileSync(temporary, build(folder, file));
  renameSync(temporary, zip);
  return zip;
}

/** The file with the versions of the packages. An installed package has no lock file, and pins the versions in its package.json. */
function versionsIn(project: string): string {
  const lock = "package-lock.json";
  return existsSync(join(project, lock)) ? lock : "package.json";
}

/** Builds the zip file. The build is reproducible. */
export function build(folder: string, file = "index.js"): Uint8Array {
  const project = packageFolder();
  // Loaded only when a build is necessary, which it is not in most synths.
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { zipSync } = require("fflate") as typeof import("fflate");
  /* eslint-enable @typescript-eslint/no-require-imports */
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
