import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import ts from "typescript";
import { Synthesized } from "./support/synthesized";
import { synthExample } from "./support/examples";

const PROJECT = resolve(__dirname, "..");
const EXAMPLES = readdirSync(join(PROJECT, "examples"), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const { exports: exported, files } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, string>>;
  readonly files: readonly string[];
};

// Each is bundled and run in a process of its own, in parallel with all other tests.
jest.setTimeout(5 * 60_000);

describe.each(EXAMPLES)("the example %s", (name) => {
  it("imports only what package.json exports", () => {
    const source = readFileSync(join(PROJECT, "examples", name, "main.ts"), "utf8");
    const imports = ts.preProcessFile(source).importedFiles.map(({ fileName }) => fileName);
    const own = imports.filter((path) => path.startsWith("standfast/")).map((path) => path.replace("standfast", "."));
    expect(own.length).toBeGreaterThan(1);
    expect(
      own.filter((path) => !Object.keys(exported).some((key) => path === key || (key.endsWith("/*") && path.startsWith(key.slice(0, -1))))),
    ).toEqual([]);
    expect(imports.filter((path) => path.startsWith("."))).toEqual([]);
  });

  it("synthesizes a stack of its own", async () => {
    const folder = await synthExample(name, mkdtempSync(join(tmpdir(), "standfast-example-")));
    const stack = new Synthesized(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
    expect(stack.all("aws_elasticache_replication_group")).toHaveLength(1);
    expect(stack.all("aws_cloudwatch_metric_alarm").length).toBeGreaterThan(3);
    expect(stack.all("aws_rds_cluster")).toEqual([]);
  });
});

describe("the package", () => {
  it("contains every file that it exports, and what these read", () => {
    for (const target of Object.values(exported))
      if (target !== "./package.json") expect(files.some((file) => target.startsWith(`./${file}/`))).toBe(true);
    // The runbook pages.
    expect(files).toContain("docs/runbooks");
    expect(EXAMPLES.length).toBeGreaterThan(0);
  });
});
