import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../commands/command";
import { readSynthOutput } from "./last-synth";
import { suffixOf } from "./manifest";
import { type PlanJson, type StackPlan, summary } from "./plan-summary";

const HELP = `Prints the plans of plan.sh as a summary in Markdown.

usage: node scripts/run.mjs scripts/ci/summarize.ts plan|drift FOLDER ABSENT

FOLDER has for each stack <stack>.json, the output of terraform show -json; or <stack>.error, the output of Terraform, and
optionally <stack>.waits, the stacks that must be deployed first. ABSENT lists the stacks that are not deployed yet.`;

function main(): number {
  const [kind, folder, absent = ""] = process.argv.slice(2);
  if ((kind !== "plan" && kind !== "drift") || folder === undefined) {
    console.error(HELP);
    return 1;
  }
  const { order, read } = readSynthOutput();
  const suffix = suffixOf(read(order[0] ?? ""));
  process.stdout.write(
    summary(
      kind,
      suffix,
      order.map((stack) => outcome(folder, stack)),
      words(absent),
    ),
  );
  return 0;
}

function outcome(folder: string, stack: string): StackPlan {
  const file = (kind: string): string => join(folder, `${stack}.${kind}`);
  if (existsSync(file("json"))) return { stack, kind: "planned", plan: JSON.parse(readFileSync(file("json"), "utf8")) as PlanJson };
  const error = readFileSync(file("error"), "utf8");
  if (!existsSync(file("waits"))) return { stack, kind: "failed", error };
  return { stack, kind: "waits", for: words(readFileSync(file("waits"), "utf8")), error };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

command(main);
