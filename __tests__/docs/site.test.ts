import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, it } from "@jest/globals";
import { filesBelow } from "../../prove/graph/read";
import { PROJECT } from "../support/requirements";
import { pages } from "./markdown";

const folders: string[] = [];

/** The path of a folder with files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "standfast-site-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The folder that `npm run site` writes for a project. @throws with what it prints */
function siteOf(project: string, out = join(folderWith({}), "site")): string {
  const runner = join(PROJECT, "scripts", "run.mjs");
  execFileSync(process.execPath, [runner, "scripts/site/main.ts", "--out", out], { cwd: project, encoding: "utf8", stdio: "pipe" });
  return out;
}

const anchorsIn = (html: string): ReadonlySet<string> => new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id));
const attributes = (html: string): readonly string[] =>
  [...html.matchAll(/<(?:a|img|source|link|script)\b[^>]*? (?:href|src|srcset)="([^"]+)"/g)].map(([, link = ""]) => link);

/** Links of a page to what the site does not have. */
function broken(folder: string, file: string): readonly string[] {
  return attributes(readFileSync(file, "utf8"))
    .filter((link) => !/^(https?|mailto):/.test(link))
    .filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : join(dirname(file), path);
      if (!target.startsWith(folder) || !existsSync(target) || statSync(target).isDirectory()) return true;
      return anchor !== undefined && !anchorsIn(readFileSync(target, "utf8")).has(anchor);
    });
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("the site", () => {
  const site = siteOf(PROJECT);
  const files = filesBelow(site, ".html");
  const sources = pages().filter((path) => !path.startsWith("."));

  it("has a page for every Markdown file, with its title, and each is in the navigation", () => {
    const navigation = /<nav[^]*<\/nav>/.exec(readFileSync(join(site, "index.html"), "utf8"))?.[0] ?? "";
    expect(sources.length).toBeGreaterThan(35);
    for (const path of sources) {
      const file = path === "README.md" ? "index.html" : path.replace(/\.md$/, ".html");
      expect([path, existsSync(join(site, file)), navigation.includes(`href="${file}"`)]).toEqual([path, true, true]);
    }
  });

  it("has no link to a file or an anchor that it does not have", () => {
    expect(files.flatMap((file) => broken(site, file).map((link) => `${file.slice(site.length + 1)}: ${link}`))).toEqual([]);
  });

  it("loads nothing from elsewhere", () => {
    for (const file of files) {
      const html = readFileSync(file, "utf8");
      expect(html).not.toMatch(/<(?:script|img|iframe|source|link)\b[^>]*(?:src|href|srcset)="(?:https?:)?\/\//);
      expect(html).toMatch(/<script src="(?:\.\.\/)*site\.js"><\/script>/);
    }
    expect(readFileSync(join(site, "site.css"), "utf8")).not.toMatch(/https?:|url\(|@import/);
    expect(readFileSync(join(site, "site.js"), "utf8")).not.toMatch(/https?:|fetch\(|import\(/);
  });

  it("has an index of all headings, whose links exist", () => {
    const window: { SEARCH_INDEX?: readonly (readonly [page: string, heading: string, link: string])[] } = {};
    runInNewContext(readFileSync(join(site, "search-index.js"), "utf8"), { window });
    const index = window.SEARCH_INDEX ?? [];
    expect(index.length).toBeGreaterThan(200);
    for (const [, heading, link] of index) {
      const [path = "", anchor] = link.split("#");
      const html = readFileSync(join(site, path), "utf8");
      expect([heading, anchor === undefined || anchorsIn(html).has(anchor)]).toEqual([heading, true]);
    }
  });

  it("is readable on a phone, on paper, and in both themes", () => {
    const style = readFileSync(join(site, "site.css"), "utf8");
    for (const part of ["@media (max-width: 900px)", "@media print", "@media (prefers-color-scheme: dark)", ".wide { overflow-x: auto;"])
      expect(style).toContain(part);
    for (const file of files) {
      const html = readFileSync(file, "utf8");
      expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
      expect((html.match(/<table>/g) ?? []).length).toBe((html.match(/<div class="wide"><table>/g) ?? []).length);
    }
  });
});

describe("a site of other pages", () => {
  const README = "# Product\n\n[Deploy](docs/deploy.md#two-words-a-b) [values](values.example) [pages](docs/)\n";

  it("has the anchors of GitHub: punctuation removed, equal headings numbered", () => {
    const site = siteOf(
      folderWith({
        "README.md": README,
        "docs/deploy.md": "# Deploy\n\n## Two words: `a`, b!\n\n## Again\n\n## Again\n",
        "values.example": "a < b\n",
      }),
    );
    const html = readFileSync(join(site, "docs", "deploy.html"), "utf8");
    expect([...anchorsIn(html)]).toEqual(expect.arrayContaining(["deploy", "two-words-a-b", "again", "again-1"]));
    expect(filesBelow(site, ".html").flatMap((file) => broken(site, file))).toEqual([]);
    expect(readFileSync(join(site, "values.example.html"), "utf8")).toContain("a &lt; b");
    expect(readFileSync(join(site, "docs", "folder.html"), "utf8")).toContain('<a href="deploy.html">deploy.md</a>');
  });

  it("groups the navigation by the headings of docs/README.md, and the rest by folder", () => {
    const site = siteOf(
      folderWith({
        "README.md": "# Product\n",
        "docs/README.md": "# Documentation\n\n## Put it into AWS\n\n- [Deploy](deploy.md)\n",
        "docs/deploy.md": "# Deploy\n",
        "docs/adr/1.md": "# A decision\n",
      }),
    );
    const navigation = /<nav[^]*<\/nav>/.exec(readFileSync(join(site, "docs", "deploy.html"), "utf8"))?.[0] ?? "";
    expect(navigation).toContain(
      '<details open><summary>Put it into AWS</summary><ul><li><a href="deploy.html" aria-current="page">Deploy</a></li></ul>',
    );
    expect(navigation).toContain('<summary>docs/adr</summary><ul><li><a href="adr/1.html">A decision</a>');
  });

  it("is not written with a link to nothing, with a drawing that needs a script, or over another folder", () => {
    expect(() => siteOf(folderWith({ "README.md": "# A\n\n[b](b.md)\n" }))).toThrow("README.md links to b.md, which does not exist.");
    expect(() => siteOf(folderWith({ "README.md": "# A\n\n```mermaid\nflowchart TB\n```\n" }))).toThrow("README.md has a Mermaid drawing");
    const other = folderWith({ "notes.txt": "mine" });
    expect(() => siteOf(folderWith({ "README.md": "# A\n" }), other)).toThrow("is no site of this command");
    expect(existsSync(join(other, "notes.txt"))).toBe(true);
  });
});
