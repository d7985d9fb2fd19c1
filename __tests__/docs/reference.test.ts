import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { PRESETS } from "../../config/presets";
import { schema } from "../../config/schema";
import { describedBy, entryOf, keysOf } from "../../config/schema/inspect";
import { helpOf } from "../../scripts/reference/commands";
import { withPlaceholders } from "../../scripts/reference/placeholders";
import { readSources, sourceFiles, withoutText } from "../../scripts/reference/sources";
import { CONFIGURATIONS } from "../support/configurations";
import { PROJECT } from "../support/requirements";
import { everyStack, type Resource } from "../support/synthesized";

const FOLDER = join("docs", "reference");

/** The pages below a folder, by path. */
function pagesBelow(root: string): ReadonlyMap<string, string> {
  const files = readdirSync(join(root, FOLDER), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  return new Map(files.sort().map((file) => [file, readFileSync(join(root, FOLDER, file), "utf8")]));
}

const PAGES = pagesBelow(PROJECT);
const page = (name: string): string => PAGES.get(name) ?? "";

/** Names that are not on a page, each in the form of code. */
function lacking(text: string, names: Iterable<string>): string[] {
  return [...new Set(names)].filter((name) => !text.includes(`\`${name}\``));
}

const isTable = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

describe("docs/reference", () => {
  it("is what npm run reference writes", () => {
    const into = mkdtempSync(join(tmpdir(), "standfast-reference-"));
    try {
      const arguments_ = ["scripts/run.mjs", "scripts/reference/main.ts", "--into", into];
      const { status, stderr } = spawnSync(process.execPath, arguments_, { cwd: PROJECT, encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const written = pagesBelow(into);
      expect([...PAGES.keys()]).toEqual([...written.keys()]);
      for (const [file, text] of written) expect({ file, text: page(file) }).toEqual({ file, text });
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  });
});

describe("the page of the configuration", () => {
  /** Every key as a heading of the page: `regions[].name`. An additional service also has the keys of the primary service. */
  const paths = (type: z.ZodType, path: string): string[] => {
    const inner = type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
    const mark = inner instanceof z.ZodArray ? "[]" : inner instanceof z.ZodRecord ? ".<name>" : "";
    const { described } = describedBy(type);
    return Object.entries(keysOf(entryOf(type) ?? type))
      .filter(([key]) => described?.includes(key) ?? true)
      .flatMap(([key, next]) => [`${path}${mark}.${key}`.replace(/^\./, ""), ...paths(next, `${path}${mark}.${key}`)]);
  };
  const headings = [...page("configuration.md").matchAll(/^### `(.+)`$/gm)].map(([, key]) => key);

  it("has every key of the schema, and no other", () => {
    expect([...headings].sort()).toEqual(paths(schema, "").sort());
    expect(headings.length).toBeGreaterThan(200);
  });

  it("has a type for every key, and a default for every key that a preset sets", () => {
    const blocks = page("configuration.md").split(/^### /m).slice(1);
    expect(blocks.filter((block) => !/^- Type: \S/m.test(block)).map((block) => block.split("\n")[0])).toEqual([]);
    const set = (values: object): string[] =>
      Object.entries(values).flatMap(([key, value]) => (isTable(value) ? set(value).map((inner) => `${key}.${inner}`) : [key]));
    const keys = new Set(Object.values(PRESETS).flatMap(({ values }) => set(values)));
    const silent = blocks.filter((block) => !/^- Default/m.test(block)).map((block) => block.split("`")[1] ?? "");
    expect(silent.filter((key) => keys.has(key))).toEqual([]);
    expect(keys.size).toBeGreaterThan(100);
  });

  it("has every preset", () => {
    expect(Object.keys(PRESETS).filter((preset) => !page("configuration.md").includes(preset))).toEqual([]);
  });
});

describe("the pages of the modules", () => {
  it("are of every folder of modules, and of no other", () => {
    const modules = readdirSync(join(PROJECT, "modules")).sort();
    const documented = [...PAGES.keys()].flatMap((file) => /^modules\/(?!index)(.+)\.md$/.exec(file)?.[1] ?? []);
    expect(documented.sort()).toEqual(modules);
    expect(modules.filter((module) => !page("modules/index.md").includes(`[${module}](${module}.md)`))).toEqual([]);
  });

  it("have every construct, with every input and output", () => {
    const { classes } = readSources(sourceFiles("modules"));
    expect(classes.length).toBeGreaterThan(60);
    for (const { name, file, props, members } of classes) {
      const [, block = ""] = page(`modules/${file.split("/")[1] ?? ""}.md`).split(`### \`${name}\`\n`);
      expect([name, block]).toEqual([name, expect.stringContaining(file)]);
      if (props?.endsWith("Props")) expect([name, block]).toEqual([name, expect.stringContaining(`Inputs (\`${props}\`)`)]);
      for (const member of members) expect(block).toContain(`- **${member.name}**: `);
    }
  });

  it("have a text for each property of exported props", () => {
    expect(withoutText(readSources(sourceFiles("modules")))).toEqual([]);
  });

  it("cannot have a property without a text: a planted one is found", () => {
    const planted =
      "export interface QueueProps {\n  /** Its name. */\n  readonly name: string;\n  readonly url?: string;\n}\ninterface OwnProps { readonly a: 1 }";
    expect(withoutText(readSources(["modules/queues/queue.ts"], () => planted))).toEqual(["modules/queues/queue.ts: QueueProps.url"]);
  });
});

describe("the pages of alarms, outputs and permissions", () => {
  const stacks = Object.values(CONFIGURATIONS).flatMap((overrides) => [...everyStack(overrides).values()]);
  const named = (types: readonly string[], name: string): string[] =>
    types.flatMap((type) =>
      stacks.flatMap((stack) => stack.all(type)).map((resource: Resource) => withPlaceholders(String(resource[name]))),
    );

  it("have every alarm of every configuration", () => {
    const alarms = named(["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"], "alarm_name");
    expect(lacking(page("alarms.md"), alarms)).toEqual([]);
    expect(new Set(alarms).size).toBeGreaterThan(100);
  });

  it("have every rule that notifies on-call", () => {
    const rules = stacks.flatMap((stack) => {
      const notifying = stack.all("aws_cloudwatch_event_target").filter(({ target_id: id }) => id === "alerts");
      const references = notifying.map(({ rule }) => String(rule));
      return stack.all("aws_cloudwatch_event_rule").filter(({ address }) => references.includes(`\${${address}.name}`));
    });
    expect(rules.length).toBeGreaterThan(20);
    expect(
      lacking(
        page("alarms.md"),
        rules.map(({ name }) => withPlaceholders(String(name))),
      ),
    ).toEqual([]);
  });

  it("have every output", () => {
    const outputs = stacks.flatMap(({ json }) => Object.keys(json["output"] ?? {}));
    expect(lacking(page("outputs.md"), outputs)).toEqual([]);
    expect(new Set(outputs).size).toBeGreaterThan(10);
  });

  it("have every role, and every policy of a pipeline", () => {
    const roles = named(["aws_iam_role"], "name");
    expect(lacking(page("permissions.md"), roles)).toEqual([]);
    expect(new Set(roles).size).toBeGreaterThan(20);
    const policies = readdirSync(join(PROJECT, "docs", "ci")).filter((file) => !file.startsWith("trust-"));
    expect(policies.filter((file) => !page("permissions.md").includes(`[${file}](../ci/${file})`))).toEqual([]);
  });

  it("would not pass without one: a planted name is found", () => {
    expect(lacking(page("alarms.md"), ["alarm-planted-<suffix>"])).toEqual(["alarm-planted-<suffix>"]);
    expect(lacking(page("outputs.md"), ["alerts_topic_arn", "planted"])).toEqual(["planted"]);
  });
});

describe("the page of the commands", () => {
  it("has every npm script and every shell script of a pipeline", () => {
    const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { readonly scripts: object };
    const shell = readdirSync(join(PROJECT, "scripts", "ci")).filter((file) => file.endsWith(".sh"));
    expect(
      lacking(page("commands.md"), [
        ...Object.keys(scripts).map((name) => `npm run ${name}`),
        ...shell.map((file) => `scripts/ci/${file}`),
      ]),
    ).toEqual([]);
  });

  it("needs the help of each: a command without it is an error", () => {
    expect(() => helpOf("node --version")).toThrow("node --version --help prints no usage");
    expect(helpOf("node scripts/bench.mjs")).toContain("usage: npm run bench");
  });
});
