import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

export const project = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** Removed at the end of the process. */
export const scratch = mkdtempSync(join(tmpdir(), "standfast-bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

const usage = join(scratch, "usage.cjs");
writeFileSync(
  usage,
  'process.on("exit", () => { try { require("fs").appendFileSync(process.env.BENCH_USAGE, `${process.resourceUsage().maxRSS}\\n`); } catch {} });',
);

/**
 * Runs a command several times.
 * @param prepare runs before each measurement, outside of it
 * @returns the median CPU seconds (user and system, with child processes), the median wall seconds, and the megabytes of the largest Node.js process
 */
export function measure(command, { cwd = project, env = {}, runs, prepare = () => undefined }) {
  const results = Array.from({ length: runs }, () => {
    prepare();
    const start = performance.now();
    const { status, stderr } = run("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', "bash", ...command], cwd, env);
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}`);
    const [user, system] = stderr.trim().split(" ").map(Number);
    return { cpu: user + system, wall: (performance.now() - start) / 1000 };
  });
  prepare();
  const file = join(scratch, "usage");
  rmSync(file, { force: true });
  run(command[0], command.slice(1), cwd, { ...env, BENCH_USAGE: file, NODE_OPTIONS: `--require ${usage}` });
  const kilobytes = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [0];
  return {
    cpu: median(results.map(({ cpu }) => cpu)),
    wall: median(results.map(({ wall }) => wall)),
    megabytes: Math.max(...kilobytes) / 1024,
  };
}

export function run(command, args, cwd = project, env = {}) {
  return spawnSync(command, args, { cwd, encoding: "utf8", env: { ...process.env, ...env }, maxBuffer: 1e8 });
}

/** A new folder below the scratch folder. */
export function folder(name) {
  const path = join(scratch, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** The exponent of the growth between two measurements: 1 is linear. */
export const exponent = (first, last) => Math.log(last.cpu / first.cpu) / Math.log(last.count / first.count);

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor((values.length - 1) / 2)];
}
