import { escaped } from "../../prove/report/markup";
import { pageFile, relativeLink } from "./links";
import type { Group } from "./navigation";
import type { Heading } from "./render";

/** Pages with more sections have a list of them. */
const MOST_SECTIONS = 3;

export interface Page {
  /** In the site. */
  readonly file: string;
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** A page of the site: it needs nothing but the files beside it. */
export function pageHtml({ file, title, html, headings }: Page, groups: readonly Group[]): string {
  const link = (to: string): string => relativeLink(file, to);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title === "Standfast" ? title : `${title} · Standfast`)}</title>
<link rel="stylesheet" href="${link("site.css")}">
</head>
<body data-root="${link("index.html").replace(/index\.html$/, "")}">
<header>
<a class="home" href="${link("index.html")}">Standfast</a>
<div class="search"><input id="search" type="search" placeholder="Search headings" aria-label="Search headings" autocomplete="off" hidden><ol id="results" hidden></ol></div>
<a class="menu" href="#pages">All pages</a>
</header>
<div class="columns">
<main>
${withContents(html, headings)}
</main>
<nav id="pages" aria-label="Pages">
${groups.map((group) => groupHtml(group, file)).join("\n")}
</nav>
</div>
<script src="${link("search-index.js")}"></script>
<script src="${link("site.js")}"></script>
</body>
</html>
`;
}

function groupHtml({ name, pages }: Group, file: string): string {
  const items = pages.map(({ path, title }) => {
    const to = pageFile(path);
    const current = to === file ? ' aria-current="page"' : "";
    return `<li><a href="${relativeLink(file, to)}"${current}>${escaped(title)}</a></li>`;
  });
  if (name === "") return `<ul class="start">${items.join("")}</ul>`;
  const isOpen = items.some((item) => item.includes("aria-current")) ? " open" : "";
  return `<details${isOpen}><summary>${escaped(name)}</summary><ul>${items.join("")}</ul></details>`;
}

/** The sections of a long page, below its title. */
function withContents(html: string, headings: readonly Heading[]): string {
  const sections = headings.filter(({ level }) => level === 2);
  if (sections.length <= MOST_SECTIONS) return html;
  const items = sections.map(({ id, text }) => `<li><a href="#${id}">${escaped(text)}</a></li>`);
  const contents = `<details class="contents"><summary>On this page</summary><ul>${items.join("")}</ul></details>`;
  return html.includes("</h1>") ? html.replace("</h1>", `</h1>\n${contents}`) : contents + html;
}

/** A text file to which a page links: the source that it explains. */
export function textHtml(text: string, path: string): string {
  return `<h1>${escaped(path)}</h1>\n<pre><code>${escaped(text)}</code></pre>`;
}

/** A folder to which a page links. */
export function folderHtml(path: string, entries: readonly { readonly name: string; readonly link?: string | undefined }[]): string {
  const items = entries.map(
    ({ name, link }) => `<li>${link === undefined ? escaped(name) : `<a href="${link}">${escaped(name)}</a>`}</li>`,
  );
  return `<h1>${escaped(path)}</h1>\n<ul>${items.join("")}</ul>`;
}
