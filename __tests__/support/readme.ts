import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./requirements";

const README = readFileSync(join(PROJECT, "README.md"), "utf8");

/** The text of a section of the README. @throws when there is none */
export function section(title: string): string {
  const [, text] = README.split(`\n## ${title}\n`);
  if (text === undefined) throw new Error(`README.md has no section ${title}`);
  return text.split("\n## ")[0] ?? "";
}

/** The first column of the first table of a section, without its heading. */
export function firstColumn(title: string): string[] {
  const rows = /(?:^\|.*\n)+/m.exec(section(title))?.[0] ?? "";
  return rows
    .trim()
    .split("\n")
    .slice(2)
    .map((row) => row.split("|")[1]?.trim() ?? "");
}

/** The stacks that the README's command names, in its order: `npx cdktf deploy global us-east-1`. */
export function stacksIn(command: "deploy" | "destroy"): string[] {
  const [, names = ""] = new RegExp(`^npx cdktf ${command} ([^#\\n]*)`, "m").exec(README) ?? [];
  return names.trim().split(/\s+/);
}

/** Scripts that the README instructs users to run: `npm run synth`. */
export function scripts(): string[] {
  return [...README.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
}
