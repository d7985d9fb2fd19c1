// Runs the unit tests that depend on the files changed since the last commit: npm run test:changed [-- arguments of jest]
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HELP = `Runs the unit tests that depend on the files changed since the last commit.

usage: npm run test:changed [-- arguments of jest]

A test depends on the modules that it imports, directly or not, and on the files that its source names, or whose folder it names. Tests
that start a command of the project as a process of its own are not found: npm run test:unit runs all tests.`;

const project = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const lines = (command, ...args) => execFileSync(command, args, { cwd: project, encoding: "utf8" }).split("\n").filter(Boolean);
const isModule = (file) => /\.[cm]?[jt]s$/.test(file);

if (["--help", "-h"].includes(process.argv[2])) {
  console.log(HELP);
  process.exit();
}

const changed = [
  ...lines("git", "diff", "--name-only", "--diff-filter=d", "HEAD"),
  ...lines("git", "ls-files", "--others", "--exclude-standard"),
];
const sources = readdirSync(join(project, "__tests__"), { recursive: true, encoding: "utf8" })
  .map((file) => join("__tests__", file))
  .filter((file) => isModule(file) && !file.includes("emulator"));

/** The sources of tests that name a file, or its folder. */
function readersOf(file) {
  const names = [basename(file), ...(file.includes("/") ? [`${dirname(file)}/`, `"${file.split("/")[0]}"`] : [])];
  return sources.filter((source) => {
    const text = readFileSync(join(project, source), "utf8");
    return names.some((name) => text.includes(name));
  });
}

const files = [...changed.filter(isModule), ...changed.filter((file) => !isModule(file)).flatMap(readersOf)];
const options = ["--selectProjects", "unit", "--maxWorkers", "100%", "--passWithNoTests", ...process.argv.slice(2)];
const { status } = spawnSync("npx", ["jest", ...options, "--findRelatedTests", ...new Set(files)], { cwd: project, stdio: "inherit" });
process.exitCode = status ?? 1;
