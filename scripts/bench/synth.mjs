import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, measure, project, run, scratch } from "./measure.mjs";

const ENV = { CDKTF_OUTDIR: join(scratch, "out"), TFVARS_FILE: join(project, "terraform.tfvars.example") };
const SYNTH = [process.execPath, "scripts/run.mjs", "main.ts"];
/** Without the summary, which reads the JSON again to estimate the cost. */
const DIRECT = [...SYNTH, "--quiet"];

/** Synths of the example configuration, in relation to the minimum of any CDKTF program: loading cdktf and the same classes. */
export function measureSynths({ runs }) {
  run(DIRECT[0], DIRECT.slice(1), project, ENV); // The first run bundles.
  const loader = join(scratch, "floor.cjs");
  const modules = ["cdktf", ...providerClasses()].map((name) => join(project, "node_modules", name));
  writeFileSync(loader, modules.map((path) => `require(${JSON.stringify(path)});`).join("\n"));
  return [
    { name: `floor: load cdktf and ${modules.length - 1} provider classes`, id: "floor", ...measure([process.execPath, loader], { runs }) },
    { name: "synth, direct, --quiet", id: "direct", ...measure(DIRECT, { env: ENV, runs }) },
    { name: "synth, direct, with its summary", id: "summary", ...measure(SYNTH, { env: ENV, runs }) },
    { name: "synth, npm run, with its summary", id: "npm", ...measure(["npm", "run", "--silent", "synth"], { env: ENV, runs }) },
    { name: "synth, direct, --quiet, from changed source", id: "changed", ...fromChangedSource(runs) },
    { name: "cdktf synth", id: "cdktf", ...cdktf(runs) },
  ];
}

/**
 * A new file of the source that every run imports, in a copy of the project: the bundle of the sources is built, the one of the packages
 * is not. The esbuild process outlives its measurement, so its own CPU time is measured apart.
 */
function fromChangedSource(runs) {
  const copy = folder("changed");
  for (const name of [
    "main.ts",
    "config",
    "modules",
    "stacks",
    "commands",
    "prove",
    "docs",
    "scripts",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
  ])
    run("cp", ["-R", join(project, name), copy]);
  run("cp", ["-R", join(project, "terraform.tfvars.example"), copy]);
  folder(join("changed", "node_modules"));
  for (const name of readdirSync(join(project, "node_modules")).filter((one) => one !== ".cache"))
    run("ln", ["-s", join(project, "node_modules", name), join(copy, "node_modules", name)]);
  const main = readFileSync(join(copy, "main.ts"), "utf8");
  let change = 0;
  const prepare = () => writeFileSync(join(copy, "main.ts"), `${main}\nglobalThis.change = ${change++};\n`);
  run(DIRECT[0], DIRECT.slice(1), copy, ENV);
  const synth = measure(DIRECT, { cwd: copy, env: ENV, runs, prepare });
  const options = ["--bundle", "--packages=external", "--platform=node", "--format=cjs", "--target=node20", "--minify-whitespace"];
  const esbuild = [join(project, "node_modules", ".bin", "esbuild"), "main.ts", ...options, `--outfile=${join(scratch, "built.cjs")}`];
  return { ...synth, cpu: synth.cpu + measure(esbuild, { cwd: copy, runs }).cpu };
}

function cdktf(runs) {
  const command = [join(project, "node_modules", ".bin", "cdktf"), "synth", "--output", join(scratch, "cdktf-out")];
  return measure(command, { env: { TFVARS_FILE: ENV.TFVARS_FILE, CHECKPOINT_DISABLE: "1", CI: "1" }, runs: Math.min(runs, 3) });
}

function providerClasses() {
  const sources = ["stacks", "modules"].flatMap((name) =>
    readdirSync(join(project, name), { recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(project, name, file), "utf8")),
  );
  return [...new Set(sources.flatMap((text) => text.match(/@cdktf\/provider-aws\/lib\/[\w-]+/g) ?? []))];
}
