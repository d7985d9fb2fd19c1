import { marked, type Token } from "marked";
import { posix } from "node:path";
import type { Source } from "./sources";

/** Pages for one thing that a reader wants to do. */
export interface Group {
  /** Empty for the pages above all others. */
  readonly name: string;
  readonly pages: readonly Source[];
}

const INDEX = "docs/README.md";
/** Pages above all groups. */
const START = ["README.md", INDEX];

/**
 * The groups of the navigation: the headings of docs/README.md with the pages that they link to. Pages that it does not link to, and
 * every page without it, are in a group for each folder.
 */
export function navigationOf(sources: readonly Source[]): readonly Group[] {
  const index = sources.find(({ path }) => path === INDEX);
  const tasks = index ? tasksOf(index, sources) : [];
  const listed = new Set(tasks.flatMap(({ pages }) => pages));
  const others = sources.filter((source) => !START.includes(source.path) && !listed.has(source));
  const folders = [...new Set(others.map(({ path }) => posix.dirname(path)))];
  const name = (folder: string): string => (folder === "." ? "Project" : folder);
  return [
    { name: "", pages: START.flatMap((path) => sources.filter((source) => source.path === path)) },
    ...tasks,
    ...folders.map((folder) => ({ name: name(folder), pages: others.filter(({ path }) => posix.dirname(path) === folder) })),
  ];
}

function tasksOf(index: Source, sources: readonly Source[]): readonly Group[] {
  const groups: { name: string; pages: Source[] }[] = [];
  for (const token of marked.lexer(index.markdown)) {
    if (token.type === "heading" && token["depth"] === 2) groups.push({ name: String(token["text"]), pages: [] });
    const group = groups.at(-1);
    if (!group) continue;
    for (const link of linksIn(token)) {
      const path = posix.join(posix.dirname(index.path), link.split("#")[0] ?? "");
      const page = sources.find((source) => source.path === path);
      if (page && !START.includes(page.path) && !group.pages.includes(page)) group.pages.push(page);
    }
  }
  return groups.filter(({ pages }) => pages.length > 0);
}

/** The links in a token, in their order. */
function linksIn(token: Token): readonly string[] {
  const found: string[] = [];
  void marked.walkTokens([token], (inner) => {
    if (inner.type === "link") found.push(String(inner["href"]));
  });
  return found;
}
