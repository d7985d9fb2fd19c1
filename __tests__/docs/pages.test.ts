import { describe, expect, it } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { PRESETS } from "../../config/presets";
import { cost, sumOf } from "../../prove/cost";
import { graphsOf } from "../prove/platforms";
import { PROJECT } from "../support/requirements";
import { run } from "../support/run";
import { anchors, links, pages, shellBlocks, textOf } from "./markdown";

const PAGES = pages();
const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** What is wrong with a link of a page. Undefined for a link that resolves, and for one to another site. */
function fault(page: string, link: string): string | undefined {
  if (/^https:\/\/[\w.-]+\.[a-z]{2,}(\/|$)/.test(link) || link.startsWith("mailto:")) return undefined;
  if (/^[a-z]+:/.test(link)) return `${page}: ${link} is neither relative nor https`;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(PROJECT, target))) return `${page}: ${link} does not exist`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  return anchors(textOf(target)).includes(anchor) ? undefined : `${page}: ${target} has no section #${anchor}`;
}

describe("the pages of the documentation", () => {
  it("have links and anchors that resolve", () => {
    const all = PAGES.flatMap((page) => links(textOf(page)).map((link) => [page, link] as const));
    expect(all.length).toBeGreaterThan(500);
    expect(all.flatMap(([page, link]) => fault(page, link) ?? [])).toEqual([]);
  });

  it.each([
    ["nowhere.md", "README.md: nowhere.md does not exist"],
    ["docs/deploy.md#nothing", "README.md: docs/deploy.md has no section #nothing"],
    ["http://bank.net/", "README.md: http://bank.net/ is neither relative nor https"],
  ])("cannot have the link %s", (link, expected) => {
    expect(fault("README.md", link)).toBe(expected);
  });

  it("are all reachable from docs/README.md", () => {
    const reached = new Set(["docs/README.md"]);
    for (const page of reached)
      for (const link of links(textOf(page))) {
        const target = normalize(join(dirname(page), link.split("#")[0] ?? ""));
        if (PAGES.includes(target)) reached.add(target);
      }
    expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
  });

  it("have commands that the shell can parse", async () => {
    const faults: string[] = [];
    for (const page of PAGES)
      for (const block of shellBlocks(textOf(page))) {
        // A placeholder such as <region> is an argument.
        const { code, stderr } = await run("bash", ["-n", "-c", block.replace(/<[^>\n]+>/g, "PLACEHOLDER")], {
          cwd: PROJECT,
          env: process.env,
        });
        if (code !== 0) faults.push(`${page}: ${stderr}`);
      }
    expect(faults).toEqual([]);
  });

  it("name npm scripts and files of scripts/ci that exist", () => {
    for (const page of PAGES) {
      const text = textOf(page);
      const named = [...text.matchAll(/npm run (?:-s |--silent )?([a-z][\w-]*(?::[\w-]+)*)/g)].map(([, name = ""]) => name);
      expect({ page, missing: named.filter((name) => !(name in scripts)) }).toEqual({ page, missing: [] });
      const files = [...text.matchAll(/scripts\/ci\/[\w-]+\.\w+/g)].map(([file]) => file);
      expect({ page, missing: files.filter((file) => !existsSync(join(PROJECT, file))) }).toEqual({ page, missing: [] });
    }
  });
});

describe("the README", () => {
  const readme = textOf("README.md");

  it("fits on one screen: at most sixty lines, and one section of links by task", () => {
    expect(readme.split("\n").length).toBeLessThanOrEqual(60);
  });

  it("starts with the two commands that CI runs", () => {
    const commands = readFileSync(join(PROJECT, ".ci", "run"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("npm "));
    const [block = ""] = shellBlocks(readme);
    const shown = block.split("\n").flatMap((line) => (line.split(" #")[0] ?? "").split("&&").map((part) => part.trim()));
    expect(commands).toEqual([...new Set(shown.filter((command) => command !== ""))]);
  });

  it("states the cost of the default and of the smallest preset, and the resources of the default one, as computed", () => {
    const dollars = (amount: number): string => `USD ${Math.round(amount).toLocaleString("en-US")}`;
    const ofPreset = (preset: string) => {
      const stacks = graphsOf({ preset });
      const { monthly, usage } = cost(stacks);
      const count = stacks.reduce((sum, graph) => sum + graph.all().filter(({ type }) => !type.startsWith("data.")).length, 0);
      return { monthly, use: sumOf(usage), count };
    };
    const standard = ofPreset("payment-processing");
    const smallest = Math.min(...Object.keys(PRESETS).map((preset) => ofPreset(preset).monthly));
    expect(readme).toContain(
      `${dollars(standard.monthly)} a month for the default preset in two regions, and about ${dollars(standard.use)} for use as assumed; the smallest preset ${dollars(smallest)}.`,
    );
    expect(readme).toContain(`The default preset creates ${standard.count} resources in four stacks.`);
  });
});
