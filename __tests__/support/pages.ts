import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./requirements";

/** The text of a page of the documentation. @param file `docs/deploy.md` */
export function page(file: string): string {
  return readFileSync(join(PROJECT, file), "utf8");
}

/** The first column of the first table of a section, without its heading. @throws when the page has no such section */
export function firstColumn(file: string, title: string): string[] {
  const [, section] = page(file).split(`\n## ${title}\n`);
  if (section === undefined) throw new Error(`${file} has no section ${title}`);
  const rows = /(?:^\|.*\n)+/m.exec(section.split("\n## ")[0] ?? "")?.[0] ?? "";
  return rows
    .trim()
    .split("\n")
    .slice(2)
    .map((row) => row.split("|")[1]?.trim() ?? "");
}

/** The stacks that the documented command names, in its order: `npx cdktf deploy global us-east-1`. */
export function stacksIn(command: "deploy" | "destroy"): string[] {
  const [, names = ""] = new RegExp(`^npx cdktf ${command} ([^#\\n]*)`, "m").exec(page(`docs/${command}.md`)) ?? [];
  return names.trim().split(/\s+/);
}
