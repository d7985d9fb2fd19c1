import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Anchors } from "../../scripts/site/anchors";
import { PROJECT } from "../support/requirements";

const LEFT_OUT = ["node_modules", "cdktf.out", ".git", "site", "__tests__"];

/** Every page of the documentation, by its path in the project: `docs/deploy.md`. */
export function pages(folder = PROJECT): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return pages(path);
      return entry.name.endsWith(".md") ? [relative(PROJECT, path)] : [];
    })
    .sort();
}

export function textOf(page: string): string {
  return readFileSync(join(PROJECT, page), "utf8");
}

const withoutCode = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```$/gm, "").replace(/`[^`\n]*`/g, "");

/** Targets of the links and pictures of a page. */
export function links(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"/g)].map(([, link, source]) => link ?? source ?? "");
}

/** The anchors of a page, as GitHub makes them of its headings. */
export function anchors(text: string): string[] {
  const taken = new Anchors();
  return [...text.replace(/^ *```[\s\S]*?^ *```$/gm, "").matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    taken.next(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*]/g, "")),
  );
}

/** The blocks of commands for a shell. */
export function shellBlocks(text: string): string[] {
  return [...text.matchAll(/^( *)```(?:sh|bash|shell)\n([\s\S]*?)^ *```$/gm)].map(([, indent = "", block = ""]) =>
    block.replace(new RegExp(`^${indent}`, "gm"), ""),
  );
}
