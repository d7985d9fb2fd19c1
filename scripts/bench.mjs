// Measures the CPU time of a synth: npm run bench
//
// Compares `npm run synth` with the minimum of any CDKTF program with these resources: loading cdktf and the same provider
// classes. It measures CPU time and not wall time, because CPU is the scarce resource of a busy pipeline. The command fails
// if the ratio exceeds the limit. Then it measures each function: the size of the zip file for Lambda, and the CPU time to
// load its code, without that of Node.js itself. At last it measures prove: two regions of the preset payment-processing, and up
// to 50 environments in one run, with the exponent of the growth: 1 is linear.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const HELP = `Measures the CPU time of a synth, the size and the load time of each function, and the time and memory of prove.

usage: npm run bench [-- --help]

Exit codes: 0 within the limits, 1 a limit is exceeded.`;

const RUNS = 9;
const LIMIT = 3;
const PROVE_LIMITS = { seconds: 3, megabytes: 300 };
const ENVIRONMENTS = [1, 5, 10, 25, 50];
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

/** Wall seconds, CPU seconds and megabytes of one run of prove, without the start of its bundle. */
function runProve(folder, ...args) {
  const hook = join(scratch, "usage.cjs");
  writeFileSync(hook, 'process.on("exit", () => process.stderr.write(`\\n${JSON.stringify(process.resourceUsage())}`))');
  const start = performance.now();
  const { stderr } = spawnSync(process.execPath, ["--require", hook, "scripts/run.mjs", "prove/main.ts", "--from", folder, ...args], {
    cwd: project,
    encoding: "utf8",
  });
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(stderr.trim().split("\n").at(-1));
  return { wall: (performance.now() - start) / 1000, cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
}

/** Copies of the stacks, each with names of its own. */
function copies(folder, count) {
  const into = join(scratch, `environments-${count}`);
  const stacks = join(folder, "stacks");
  for (let copy = 1; copy <= count; copy++)
    for (const stack of readdirSync(stacks)) {
      const text = readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8");
      mkdirSync(join(into, `e-${copy}`, stack), { recursive: true });
      writeFileSync(join(into, `e-${copy}`, stack, "cdk.tf.json"), text.replaceAll("bench", `e-${copy}`));
    }
  return into;
}

function measureProve() {
  const folder = join(scratch, "prove");
  const example = readFileSync(join(project, "terraform.tfvars.example"), "utf8");
  const tfvars = join(scratch, "prove.tfvars");
  writeFileSync(tfvars, example.replace(/^(environment_suffix *= *).*$/m, '$1"bench"'));
  const env = { ...process.env, CDKTF_OUTDIR: folder, TFVARS_FILE: tfvars };
  const synth = spawnSync("npm", ["run", "--silent", "synth"], { cwd: project, encoding: "utf8", env });
  if (synth.status !== 0) throw new Error(`the preset cannot be synthesized: ${synth.stderr}`);
  runProve(folder); // The first run bundles.
  const { wall, megabytes } = runProve(folder);
  const { seconds: most, megabytes: mostMegabytes } = PROVE_LIMITS;
  console.log(`prove, two regions: ${wall.toFixed(2)} s (limit ${most}), ${megabytes.toFixed(0)} MB (limit ${mostMegabytes})`);
  const runs = ENVIRONMENTS.map((count) => ({ count, ...runProve(copies(folder, count)) }));
  for (const run of runs)
    console.log(`prove, ${String(run.count).padStart(2)} environments: ${run.cpu.toFixed(2)} s CPU, ${run.megabytes.toFixed(0)} MB`);
  const [first, last] = [runs.find(({ count }) => count > 1), runs.at(-1)];
  console.log(`exponent: ${(Math.log(last.cpu / first.cpu) / Math.log(last.count / first.count)).toFixed(2)} (1 is linear)`);
  return wall <= most && megabytes <= mostMegabytes;
}

if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
  console.log(HELP);
  process.exit(0);
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
  if (!measureProve()) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}
