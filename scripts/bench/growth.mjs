import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, measure, project, run, scratch } from "./measure.mjs";

const TFVARS_FILE = join(project, "terraform.tfvars.example");
const node = (...args) => [process.execPath, "scripts/run.mjs", ...args];

/** Synths of several environments, one after the other in one process. */
export function measureEnvironments({ counts }) {
  const env = { TFVARS_FILE };
  run(...split(node("scripts/bench/environments.ts", "1")), project, env); // The first run bundles.
  return counts.map((count) => ({ count, ...measure(node("scripts/bench/environments.ts", String(count)), { env, runs: 1 }) }));
}

/** Runs of prove with the stacks of several environments. */
export function measureProve({ counts }) {
  const out = folder("prove");
  run(...split(node("main.ts")), project, { CDKTF_OUTDIR: out, TFVARS_FILE, ENVIRONMENT_SUFFIX: "bench" });
  run(...split(node("prove/main.ts", "--from", out))); // The first run bundles.
  return counts.map((count) => ({ count, ...measure(node("prove/main.ts", "--from", copies(out, count)), { runs: count === 1 ? 3 : 1 }) }));
}

/** The start of commands that need an AWS account for everything else. */
export function measureStarts({ runs }) {
  return ["doctor", "verify"].map((name) => {
    const command = node(`commands/${name}/main.ts`, "--help");
    run(...split(command));
    return { name: `${name} --help`, id: name, ...measure(command, { runs }) };
  });
}

/** Copies of the stacks, each with names of its own. */
function copies(out, count) {
  const into = join(scratch, `environments-${count}`);
  const stacks = join(out, "stacks");
  for (let copy = 1; copy <= count; copy++)
    for (const stack of readdirSync(stacks)) {
      const text = readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8");
      mkdirSync(join(into, `e-${copy}`, stack), { recursive: true });
      writeFileSync(join(into, `e-${copy}`, stack, "cdk.tf.json"), text.replaceAll("bench", `e-${copy}`));
    }
  return into;
}

const split = ([command, ...args]) => [command, args];
