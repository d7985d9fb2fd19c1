import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { SCRIPT, STYLE } from "./assets";
import { Links, pageFile, relativeLink, siteFile } from "./links";
import { navigationOf } from "./navigation";
import { render } from "./render";
import { readSources } from "./sources";
import { folderHtml, type Page, pageHtml, textHtml } from "./template";

/** Headings down to this level are found by the search. */
const SEARCHED = 4;

/** Every file of the site by its path. @throws for a link to a file that does not exist */
export function siteOf(project: string): ReadonlyMap<string, string> {
  const sources = readSources(project);
  const links = new Links(project, new Set(sources.map(({ path }) => path)));
  const groups = navigationOf(sources);
  const pages = sources.map(({ path, markdown, title }): Page => {
    const { html, headings } = render(path, markdown);
    return { file: pageFile(path), title, html: links.rewritten(path, html), headings };
  });
  const targets = [...links.targets.values()];
  const linked = targets.flatMap((target): Page[] => {
    const { kind, path } = target;
    if (kind === "picture" || kind === "page") return [];
    const file = siteFile(target);
    const html = kind === "text" ? textHtml(readFileSync(join(project, path), "utf8"), path) : folderHtml(path, entriesOf(path, file));
    return [{ file, title: path, html, headings: [] }];
  });
  /** The entries of a folder; those that the site has are links. */
  function entriesOf(folder: string, file: string): Parameters<typeof folderHtml>[1] {
    const known = new Map([
      ...sources.map(({ path }) => [path, pageFile(path)] as const),
      ...targets.map((one) => [one.path, siteFile(one)] as const),
    ]);
    return readdirSync(join(project, folder))
      .filter((name) => !name.startsWith("."))
      .sort()
      .map((name) => {
        const to = known.get(posix.join(folder, name));
        return { name, link: to === undefined ? undefined : relativeLink(file, to) };
      });
  }
  const index = pages.flatMap(({ file, title, headings }) =>
    headings.filter(({ level }) => level <= SEARCHED).map(({ text, id, level }) => [title, text, level === 1 ? file : `${file}#${id}`]),
  );
  return new Map([
    ...[...pages, ...linked].map((page) => [page.file, pageHtml(page, groups)] as const),
    ...targets.filter(({ kind }) => kind === "picture").map(({ path }) => [path, readFileSync(join(project, path), "utf8")] as const),
    ["site.css", STYLE],
    ["site.js", SCRIPT],
    ["search-index.js", `window.SEARCH_INDEX = ${JSON.stringify(index)};\n`],
  ]);
}
