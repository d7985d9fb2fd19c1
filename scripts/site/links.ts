import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";

/** What a link of a page points to. */
interface Target {
  readonly kind: "page" | "picture" | "text" | "folder";
  readonly path: string;
}

const PICTURE = /\.(svg|png|jpg|gif)$/;

/** The file of a page in the site. */
export const pageFile = (path: string): string => (path === "README.md" ? "index.html" : path.replace(/\.md$/, ".html"));

/** The file of a target in the site. Texts and folders become pages. */
export function siteFile({ kind, path }: Target): string {
  if (kind === "page") return pageFile(path);
  if (kind === "picture") return path;
  return kind === "folder" ? posix.join(path, "folder.html") : `${path}.html`;
}

/** A link from one file of the site to another one. */
export function relativeLink(from: string, to: string): string {
  return posix.relative(posix.dirname(from), to) || posix.basename(to);
}

/** Rewrites the links and pictures of a page to files of the site. */
export class Links {
  /** What pages link to, apart from pages, each once. */
  readonly targets = new Map<string, Target>();

  constructor(
    private readonly project: string,
    private readonly pages: ReadonlySet<string>,
  ) {}

  /** @throws for a link to nothing */
  rewritten(page: string, html: string): string {
    return html.replaceAll(/(<(?:a|img|source)\b[^>]*? (?:href|src|srcset)=")([^"]+)"/g, (_, start: string, link: string) => {
      return `${start}${this.rewrittenLink(page, link)}"`;
    });
  }

  private rewrittenLink(page: string, link: string): string {
    if (/^(?:[a-z]+:|#)/.test(link)) return link;
    const [path = "", anchor] = link.split("#");
    const target = this.targetOf(posix.join(posix.dirname(page), decodeURIComponent(path)));
    if (!target) throw new Error(`${page} links to ${link}, which does not exist.`);
    if (target.kind !== "page") this.targets.set(target.path, target);
    return relativeLink(pageFile(page), siteFile(target)) + (anchor === undefined ? "" : `#${anchor}`);
  }

  private targetOf(written: string): Target | undefined {
    const path = written.replace(/\/$/, "") || ".";
    if (this.pages.has(path)) return { kind: "page", path };
    const file = join(this.project, path);
    if (!existsSync(file)) return undefined;
    if (statSync(file).isDirectory())
      return this.pages.has(`${path}/README.md`) ? { kind: "page", path: `${path}/README.md` } : { kind: "folder", path };
    return { kind: PICTURE.test(path) ? "picture" : "text", path };
  }
}
