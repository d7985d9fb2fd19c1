import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders whose Markdown is no documentation of the product. */
const OTHERS = ["node_modules", "cdktf.out", "coverage", "site", "__tests__"];

/** A Markdown file of the repository. */
export interface Source {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly markdown: string;
  /** Its first heading. */
  readonly title: string;
}

/** Every page of the documentation, in the order of their paths. */
export function readSources(project: string): readonly Source[] {
  return markdownFiles(project, "").map((path) => {
    const markdown = readFileSync(join(project, path), "utf8");
    return { path, markdown, title: /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll("`", "") ?? path };
  });
}

function markdownFiles(project: string, folder: string): string[] {
  return readdirSync(join(project, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !(folder === "" && OTHERS.includes(name)))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return markdownFiles(project, path);
      return entry.name.endsWith(".md") ? [path] : [];
    })
    .sort();
}
