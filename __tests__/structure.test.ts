import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import ts from "typescript";

const PROJECT = resolve(__dirname, "..");
/** From the top to the bottom: a folder imports only those behind it. */
const LAYERS = ["main.ts", "commands", "stacks", "modules", "config"];
const MOST_LINES = 250;
/** How the head of a longer file begins to say why. */
const REASON = "Over 250 lines because ";

type Graph = ReadonlyMap<string, readonly string[]>;

function sourceFiles(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  return readdirSync(join(PROJECT, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() || entry.name.endsWith(".ts") ? sourceFiles(join(path, entry.name)) : [],
  );
}

/** The project's own files that each file imports, types too. */
function importGraph(files: readonly string[], read: (file: string) => string): Graph {
  const known = new Set(files);
  const target = (from: string, specifier: string): string[] => {
    const path = join(dirname(from), specifier);
    return [`${path}.ts`, join(path, "index.ts")].filter((file) => known.has(file));
  };
  return new Map(
    files.map((file) => [
      file,
      ts.preProcessFile(read(file)).importedFiles.flatMap(({ fileName }) => (fileName.startsWith(".") ? target(file, fileName) : [])),
    ]),
  );
}

/** Circles of files, each as the way around: `a.ts → b.ts → a.ts`. */
function circles(graph: Graph): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start !== -1) found.push([...way.slice(start), file].join(" → "));
    if (start !== -1 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

/** Imports of a higher layer. */
function upward(graph: Graph): string[] {
  const layer = (file: string): number => LAYERS.indexOf(file.split("/")[0] ?? "");
  return [...graph].flatMap(([file, imports]) =>
    imports.filter((other) => layer(other) < layer(file)).map((other) => `${file} → ${other}`),
  );
}

const files = LAYERS.flatMap(sourceFiles).map((file) => relative(PROJECT, join(PROJECT, file)));
const text = (file: string): string => readFileSync(join(PROJECT, file), "utf8");
const lines = (file: string): number => text(file).trimEnd().split("\n").length;
const graph = importGraph(files, text);

describe("the source", () => {
  it("has no import circle", () => {
    expect(circles(graph)).toEqual([]);
  });

  it("imports downwards only: main, commands, stacks, modules, config", () => {
    expect(upward(graph)).toEqual([]);
  });

  it("has no circle and no upward import that these checks would not see", () => {
    const planted = new Map([
      ["config/a.ts", 'import type { B } from "./b";'],
      ["config/b.ts", 'export { C } from "./c";'],
      ["config/c.ts", 'import { a } from "./a";'],
      ["modules/m/m.ts", 'import { S } from "../../stacks/s";'],
      ["stacks/s.ts", 'import { a } from "../config/a";'],
    ]);
    const graph = importGraph([...planted.keys()], (file) => planted.get(file) ?? "");
    expect(circles(graph)).toEqual(["config/a.ts → config/b.ts → config/c.ts → config/a.ts"]);
    expect(upward(graph)).toEqual(["modules/m/m.ts → stacks/s.ts"]);
  });

  it(`keeps files to ${MOST_LINES} lines, or says in their head why not`, () => {
    const head = (file: string): string => text(file).split("\n").slice(0, 40).join("\n");
    const long = files.filter((file) => lines(file) > MOST_LINES && !head(file).includes(REASON));
    expect(long.map((file) => `${file}: ${lines(file)} lines`)).toEqual([]);
    const short = files.filter((file) => lines(file) <= MOST_LINES && head(file).includes(REASON));
    expect(short).toEqual([]);
  });
});

describe("the use of CDKTF", () => {
  /** Imports of files inside of a package, except those that `@cdktf/provider-aws` has for each resource. */
  const internals = (names: readonly string[]): string[] =>
    names.filter(
      (name) => /^(cdktf|constructs)\//.test(name) || (/^@cdktf\/[^/]+\//.test(name) && !/^@cdktf\/provider-aws\/lib\/[^/]+$/.test(name)),
    );
  const importsOf = (source: string): string[] => ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);

  it("imports the packages and the resources, and nothing internal, so that CDK Terrain can take their place", () => {
    const all = [...files, ...["prove", "scripts", "examples", "__tests__"].flatMap(sourceFiles)];
    expect(all.length).toBeGreaterThan(600);
    expect(all.flatMap((file) => internals(importsOf(text(file))).map((name) => `${file} → ${name}`))).toEqual([]);
  });

  it("has no internal import that this check would not see", () => {
    const planted = ['import { ref } from "cdktf/lib/tfExpression";', 'const { Vpc } = require("@cdktf/provider-aws/lib/vpc/index.js");'];
    expect(planted.flatMap((source) => internals(importsOf(source)))).toEqual([
      "cdktf/lib/tfExpression",
      "@cdktf/provider-aws/lib/vpc/index.js",
    ]);
    const allowed = 'import { App } from "cdktf"; import { Vpc } from "@cdktf/provider-aws/lib/vpc";';
    expect(internals(importsOf(allowed))).toEqual([]);
  });

  it("changes no property of its objects that TypeScript does not know", () => {
    const casts = files.filter((file) => /\bas (any|unknown as)\b|@ts-(ignore|expect-error|nocheck)/.test(text(file)));
    expect(casts).toEqual([]);
  });
});

describe("the folder prove", () => {
  const own = sourceFiles("prove").map((file) => relative(PROJECT, join(PROJECT, file)));

  it("imports nothing of the rest of the product: it reads any Terraform JSON", () => {
    const outside = own.flatMap((file) =>
      ts
        .preProcessFile(text(file))
        .importedFiles.map(({ fileName }) => fileName)
        .filter((name) => name.startsWith(".") && !join(dirname(file), name).startsWith("prove/"))
        .map((name) => `${file} → ${name}`),
    );
    expect(outside).toEqual([]);
    expect(own.length).toBeGreaterThan(8);
  });

  it(`has no circle, and no file above ${MOST_LINES} lines`, () => {
    expect(circles(importGraph(own, text))).toEqual([]);
    expect(own.filter((file) => lines(file) > MOST_LINES)).toEqual([]);
  });
});

describe("the stack of a region", () => {
  const folder = "stacks/region/";
  /** What parts may share: the context and what it is made of. */
  const SHARED = ["context", "keys", "platform-settings", "bucket-settings", "service-needs"].map((name) => `${folder}${name}.ts`);
  const stack = `${folder}region-stack.ts`;
  const parts = files.filter((file) => file.startsWith(folder) && file !== stack && !SHARED.includes(file));

  it("is one page that calls its parts in order", () => {
    expect(lines(stack)).toBeLessThan(120);
    expect(parts.length).toBeGreaterThan(7);
    expect(parts.filter((part) => !graph.get(stack)?.includes(part))).toEqual([]);
  });

  it("has parts that import neither the stack nor each other", () => {
    const imported = parts.flatMap((part) =>
      (graph.get(part) ?? []).filter((other) => other === stack || parts.includes(other)).map((other) => `${part} → ${other}`),
    );
    expect(imported).toEqual([]);
  });
});

describe("docs/adr/0011-layout-of-the-source.md", () => {
  /** A word of each file's code that shows that the file is about it. */
  const PROOFS: Readonly<Record<string, RegExp>> = {
    "health check of the tasks every 5 seconds": /healthCheck: \{\s+enabled: true/,
    "backtrack of the database": /"backtrackDBCluster"/,
    "shards of Redis": /shards: number/,
    "NAT gateway in each zone": /new NatGateway\(/,
    "failover records of Route 53": /record\("SECONDARY"/,
    "backup every six hours": /new BackupPlan\(/,
    "alarm on replica lag": /"replica-lag-high"/,
    "takeover of a region": /export function \w*takeover\w*\(/i,
    "script of the canary": /export async function handler/,
    "state bucket and state lock": /use_lockfile/,
  };
  const rows = [...text("docs/adr/0011-layout-of-the-source.md").matchAll(/^\| (.+) \| `(.+)` \|$/gm)].map(
    ([, what = "", file = ""]) => [what, file] as const,
  );

  it("has a row for each resource that readers look for", () => {
    expect(rows.map(([what]) => what)).toEqual(Object.keys(PROOFS));
  });

  it.each(rows)("names the file of the %s", (what, file) => {
    expect(files).toContain(file);
    expect(text(file)).toMatch(PROOFS[what] ?? /$^/);
  });
});
