import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CLAIMS, prove } from "./claims";
import { filesBelow, readStacks } from "./graph/read";
import { report } from "./report";

const HELP = `Proves or refutes, from Terraform JSON alone, that a platform survives the loss of a zone and that its parts reach each other.

usage: npm run prove [-- --from DIR] [--plan FILE]... [--claim ID]... [--region STACK] [--json FILE] [--strict]

  --from DIR      folder with *.tf.json files; those of one folder are one stack (default: cdktf.out, without a plan)
  --plan FILE     a plan or a state, as terraform show -json writes it (repeatable). Its stack has the name of the file, without
                  .json, .plan, .tfplan or .state; NAME=FILE gives another. It replaces the stack of this name in --from
  --claim ID      only this claim, e.g. Z2 (repeatable); ${CLAIMS.map(({ id }) => id).join(", ")}
  --region STACK  only this stack, e.g. us-east-1
  --json FILE     also write the results as JSON; "-" writes them to stdout, in the place of the summary
  --strict        what cannot be decided counts as refuted

exit codes: 0 no claim is refuted, 3 a claim is refuted, 1 the input cannot be read`;

function main(): number {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      from: { type: "string" },
      plan: { type: "string", multiple: true },
      claim: { type: "string", multiple: true },
      region: { type: "string" },
      json: { type: "string" },
      strict: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const wanted = values.claim ?? [];
  const odd = wanted.find((id) => !CLAIMS.some((claim) => claim.id === id));
  if (odd !== undefined) throw new Error(`There is no claim ${odd}. The claims are ${CLAIMS.map(({ id }) => id).join(", ")}.`);
  const folder = values.from ?? (values.plan ? undefined : (process.env["CDKTF_OUTDIR"] ?? "cdktf.out"));
  const stacks = readStacks({ folder, plans: values.plan ?? [] });
  const [unread] = folder === undefined ? [] : filesBelow(folder, ".tf");
  if (unread !== undefined) console.error(`${unread} is HCL, which is not read. Convert it to JSON, or give its plan with --plan.`);
  const { region } = values;
  const chosen = stacks.filter(({ name }) => region === undefined || name === region || name.endsWith(`/${region}`));
  if (chosen.length === 0)
    throw new Error(
      `${folder ?? values.plan?.join(", ") ?? ""} has no stack ${String(region)}. Its stacks are ${stacks.map(({ name }) => name).join(", ")}.`,
    );
  const results = prove(
    chosen,
    CLAIMS.filter(({ id }) => wanted.length === 0 || wanted.includes(id)),
    stacks,
  );
  const json = `${JSON.stringify({ claims: results }, undefined, 2)}\n`;
  if (values.json === "-") process.stdout.write(json);
  else console.log(report(results));
  if (values.json !== undefined && values.json !== "-") writeFileSync(values.json, json);
  const fails = results.some(({ status }) => status === "refuted" || (values.strict && status === "unknown"));
  return fails ? 3 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
