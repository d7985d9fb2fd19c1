import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { CLAIMS, prove } from "./claims";
import { deployment } from "./deployment";
import { figuresOf } from "./figures";
import { filesBelow, readStacks } from "./graph/read";
import { picturesOf } from "./pictures";
import { deploymentReport } from "./report/deployment";
import { difference, differenceSummary, type Former } from "./report/difference";
import { junit } from "./report/junit";
import { page } from "./report/page";
import { report } from "./report/terminal";
import { topologyOf } from "./report/topology";

const HELP = `Proves or refutes, from Terraform JSON alone, what a platform survives, before anything is deployed.

usage: npm run prove [-- --from DIR] [--plan FILE]... [--claim ID]... [--region STACK] [--json FILE] [--junit FILE] [--html FILE] [--pictures DIR] [--base FILE] [--summary FILE] [--strict] [--deployment]

  --from DIR      folder with *.tf.json files; those of one folder are one stack (default: cdktf.out, without a plan)
  --plan FILE     a plan or a state, as terraform show -json writes it (repeatable). Its stack has the name of the file, without
                  .json, .plan, .tfplan or .state; NAME=FILE gives another. It replaces the stack of this name in --from
  --claim ID      only this claim, e.g. Z2 (repeatable)
  --region STACK  only this stack, e.g. us-east-1
  --json FILE     also write the results as JSON; "-" writes them to stdout, in the place of the summary
  --junit FILE    also write the claims as JUnit XML
  --html FILE     also write one page with the drawn topology, losses, claims and figures
  --pictures DIR  also write the overview, the network and the takeover as SVG
  --base FILE     JSON of an earlier run: name the claims that changed since then
  --summary FILE  also append the claims that are refuted or changed, in Markdown, to FILE
  --deployment    print the critical path of the first deployment of every stack, in the place of the claims; exit code 0
  --strict        what cannot be decided counts as refuted

exit codes: 0 no claim is refuted, 3 a claim is refuted, 1 the input cannot be read

claims:
${CLAIMS.map(({ id, title }) => `  ${id.padEnd(4)} ${title}`).join("\n")}`;

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  from: { type: "string" },
  plan: { type: "string", multiple: true, default: [] as string[] },
  claim: { type: "string", multiple: true },
  region: { type: "string" },
  json: { type: "string" },
  junit: { type: "string" },
  html: { type: "string" },
  pictures: { type: "string" },
  base: { type: "string" },
  summary: { type: "string" },
  strict: { type: "boolean", default: false },
  deployment: { type: "boolean", default: false },
} as const;

function main(): number {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.deployment && values.json !== undefined)
    throw new Error("--deployment prints the critical path alone. Without it, --json has the path, too: the key deployment.");
  for (const file of [values.json, values.junit, values.html, values.summary]) checkFolder(file);
  const claims = chosenClaims(values.claim ?? []);
  const folder = values.from ?? (values.plan.length > 0 ? undefined : (process.env["CDKTF_OUTDIR"] ?? "cdktf.out"));
  const stacks = readStacks({ folder, plans: values.plan });
  const [unread] = folder === undefined ? [] : filesBelow(folder, ".tf");
  if (unread !== undefined) console.error(`${unread} is HCL, which is not read. Convert it to JSON, or give its plan with --plan.`);
  if (values.deployment) {
    console.log(deploymentReport(deployment(chosenStacks(stacks, values.region, folder ?? values.plan.join(", ")))));
    return 0;
  }
  const former = values.base === undefined ? undefined : readFormer(values.base);
  const results = prove(chosenStacks(stacks, values.region, folder ?? values.plan.join(", ")), claims, stacks);
  const changes =
    former &&
    difference(
      former.filter(({ id }) => claims.some((claim) => claim.id === id)),
      results,
    );
  const json = (): string => `${JSON.stringify({ claims: results, ...figuresOf(stacks) }, undefined, 2)}\n`;
  if (values.json === "-") process.stdout.write(json());
  else console.log(report(results, changes));
  const outputs: readonly (readonly [string | undefined, () => string])[] = [
    [values.json === "-" ? undefined : values.json, json],
    [values.junit, () => junit(results, values.strict)],
    [values.html, () => page({ claims: results, ...figuresOf(stacks), topology: topologyOf(stacks), changes })],
  ];
  for (const [file, content] of outputs) if (file !== undefined) writeFileSync(file, content());
  if (values.pictures !== undefined) writePictures(values.pictures, stacks);
  if (values.summary !== undefined) writeFileSync(values.summary, differenceSummary(changes, results), { flag: "a" });
  return results.some(({ status }) => status === "refuted" || (values.strict && status === "unknown")) ? 3 : 0;
}

function writePictures(folder: string, stacks: ReturnType<typeof readStacks>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of picturesOf(stacks)) writeFileSync(join(folder, `${name}.svg`), svg);
}

/** @throws when an output cannot be written, before the claims are decided */
function checkFolder(file: string | undefined): void {
  if (file === undefined || file === "-" || existsSync(dirname(file))) return;
  throw new Error(`${file} cannot be written: the folder ${dirname(file)} does not exist.`);
}

function chosenClaims(wanted: readonly string[]): typeof CLAIMS {
  const odd = wanted.find((id) => !CLAIMS.some((claim) => claim.id === id));
  if (odd !== undefined) throw new Error(`There is no claim ${odd}. The claims are ${CLAIMS.map(({ id }) => id).join(", ")}.`);
  return CLAIMS.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
}

function chosenStacks(stacks: ReturnType<typeof readStacks>, region: string | undefined, folder: string): ReturnType<typeof readStacks> {
  const chosen = stacks.filter(({ name }) => region === undefined || name === region || name.endsWith(`/${region}`));
  if (chosen.length === 0)
    throw new Error(`${folder} has no stack ${String(region)}. Its stacks are ${stacks.map(({ name }) => name).join(", ")}.`);
  return chosen;
}

/** The claims of an earlier run. */
function readFormer(file: string): Former {
  try {
    const { claims } = JSON.parse(readFileSync(file, "utf8")) as { claims?: Former };
    if (claims) return claims;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  throw new Error(`${file} is not the JSON of an earlier run: it has no claims. Write one with --json.`);
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
