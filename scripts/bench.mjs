// Measures the CPU time of a synth: npm run bench
//
// Compares `npm run synth` with the minimum of any CDKTF program with these resources: loading cdktf and the same provider
// classes. It measures CPU time and not wall time, because CPU is the scarce resource of a busy pipeline. The command fails
// if the ratio exceeds the limit. Then it measures each function: the size of the zip file for Lambda, and the CPU time to
// load its code, without that of Node.js itself.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const RUNS = 9;
const LIMIT = 3;
const project = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Median CPU seconds (user and system) of a command, including its child processes. */
function cpuSeconds(command, args, env) {
  const seconds = Array.from({ length: RUNS }, () => {
    const { status, stderr } = spawnSync("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', "bash", command, ...args], {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
    return stderr
      .trim()
      .split(" ")
      .map(Number)
      .reduce((user, system) => user + system);
  });
  return seconds.sort((one, other) => one - other)[Math.floor(RUNS / 2)];
}

function measureFunctions(folder) {
  const functions = spawnSync(process.execPath, ["scripts/run.mjs", "scripts/bundles.ts", folder], { cwd: project, encoding: "utf8" });
  if (functions.status !== 0) throw new Error(`the functions cannot be bundled: ${functions.stderr}`);
  const nothing = join(folder, "nothing.js");
  writeFileSync(nothing, "");
  // Some functions read environment variables when they are loaded, and throw: everything else is loaded by then.
  const script = "try { require(process.argv[1]) } catch (error) { if (!/environment variable/.test(error.message)) throw error }";
  const load = (file) => cpuSeconds(process.execPath, ["-e", script, file]);
  const floor = load(nothing);
  for (const { name, file, bytes } of JSON.parse(functions.stdout)) {
    const seconds = load(file) - floor;
    console.log(`${`function ${name}:`.padEnd(41)} ${(bytes / 1000).toFixed(0)} kB, ${seconds.toFixed(2)} s CPU to load`);
  }
}

const sources = ["stacks", "modules"].flatMap((folder) =>
  readdirSync(join(project, folder), { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(project, folder, file), "utf8")),
);
const classes = [...new Set(sources.flatMap((text) => text.match(/@cdktf\/provider-aws\/lib\/[\w-]+/g) ?? []))];

const scratch = mkdtempSync(join(tmpdir(), "standfast-bench-"));
try {
  const loader = join(scratch, "floor.cjs");
  const modules = ["cdktf", ...classes].map((name) => join(project, "node_modules", name));
  writeFileSync(loader, modules.map((path) => `require(${JSON.stringify(path)});`).join("\n"));
  const env = { CDKTF_OUTDIR: join(scratch, "out"), TFVARS_FILE: join(project, "terraform.tfvars.example") };
  const synth = ["npm", ["run", "--silent", "synth"], env];
  cpuSeconds(...synth); // The first run bundles; this happens once per change.
  const floor = cpuSeconds(process.execPath, [loader], env);
  const whole = cpuSeconds(...synth);
  const ratio = whole / floor;
  console.log(`load cdktf and ${classes.length} provider classes: ${floor.toFixed(2)} s CPU`);
  console.log(`npm run synth:                            ${whole.toFixed(2)} s CPU`);
  console.log(`ratio: ${ratio.toFixed(2)} (limit ${LIMIT})`);
  process.exitCode = ratio <= LIMIT ? 0 : 1;
  measureFunctions(join(scratch, "functions"));
} finally {
  rmSync(scratch, { recursive: true });
}
