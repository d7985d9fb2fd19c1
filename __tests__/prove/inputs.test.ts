import { describe, expect, it } from "@jest/globals";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Claim, notApplicable } from "../../prove/claims/claim";
import { prove } from "../../prove/claims";
import { Graph } from "../../prove/graph/graph";
import { merged, normalized } from "../../prove/graph/merge";
import { readStacks } from "../../prove/graph/read";

/** A folder with files, by their paths. */
function written(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "standfast-inputs-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}
const named = (files: Readonly<Record<string, unknown>>): readonly string[] =>
  readStacks({ folder: written(files) }).map(({ name }) => name);
const EMPTY = { resource: { aws_vpc: { this: {} } } };

describe("the forms of Terraform JSON", () => {
  const expected = { "aws_subnet.a": { cidr_block: "10.0.0.0/24" }, "aws_subnet.b": { cidr_block: "10.0.1.0/24" } };
  const [a, b] = [expected["aws_subnet.a"], expected["aws_subnet.b"]];

  it.each([
    [{ resource: { aws_subnet: { a, b } } }],
    [{ resource: [{ aws_subnet: { a } }, { aws_subnet: { b } }] }],
    [{ resource: { aws_subnet: [{ a }, { b }] } }],
    [{ resource: { "//": "a comment", aws_subnet: { "//": "another", a: [a], b: [b] } } }],
    [[{ resource: { aws_subnet: { a } } }, { resource: { aws_subnet: { b } } }]],
  ])("%j are the same resources", (json) => {
    const graph = new Graph("main", normalized(json));
    expect(Object.fromEntries(graph.all().map(({ address, values }) => [address, values]))).toEqual(expected);
  });

  it("allow arrays of providers, variables and local values", () => {
    const provider = { region: "${var.region}" };
    for (const providers of [{ aws: provider }, { aws: [provider, { alias: "other", region: "eu-north-1" }] }, [{ aws: provider }]]) {
      const json = { provider: providers, variable: [{ region: { default: "eu-west-1" } }], locals: [{ a: 1 }, { b: "${local.a + 1}" }] };
      const graph = new Graph("main", normalized(json));
      expect([graph.region, graph.text("${local.b}")]).toEqual(["eu-west-1", "2"]);
    }
  });

  it("that are none are read without a crash", () => {
    for (const json of [
      {},
      [],
      { resource: null },
      { resource: "text" },
      { resource: { aws_vpc: 1 } },
      { resource: { aws_vpc: { a: null } } },
    ])
      expect(prove([new Graph("odd", normalized(json))]).every(({ status }) => status === "not-applicable")).toBe(true);
  });
});

describe("files of one folder", () => {
  it("are one stack", () => {
    const folder = written({
      "app/a.tf.json": { resource: { aws_vpc: { a: {} } } },
      "app/b.tf.json": { resource: { aws_vpc: { b: { x: "${local.y}" } } }, locals: { y: 2 } },
    });
    const stacks = readStacks({ folder });
    expect(stacks.map((stack) => [stack.name, stack.all("aws_vpc").map(({ values }) => values)])).toEqual([["app", [{}, { x: 2 }]]]);
  });

  it("named override replace arguments, and blocks as a whole", () => {
    const json = merged([
      ["a_override.tf.json", { resource: { aws_lb: { web: { internal: true, access_logs: { bucket: "b" } } } }, locals: { size: 2 } }],
      [
        "main.tf.json",
        {
          resource: { aws_lb: { web: { name: "web", internal: false, lifecycle: { a: 1 }, access_logs: { bucket: "a", prefix: "p" } } } },
          locals: { size: 1, other: 3 },
        },
      ],
      ["override.tf.json", { resource: { aws_lb: { web: { lifecycle: { b: 2 } } } }, provider: { aws: { region: "eu-west-3" } } }],
      [
        "provider.tf.json",
        {
          provider: {
            aws: [
              { region: "eu-west-1", profile: "p" },
              { alias: "x", region: "eu-west-2" },
            ],
          },
        },
      ],
    ]);
    expect(json.resource?.["aws_lb"]?.["web"]).toEqual({
      name: "web",
      internal: true,
      access_logs: { bucket: "b" },
      lifecycle: { a: 1, b: 2 },
    });
    expect(json.locals).toEqual({ size: 2, other: 3 });
    expect(json.provider?.["aws"]).toEqual([
      { region: "eu-west-3", profile: "p" },
      { alias: "x", region: "eu-west-2" },
    ]);
  });

  it("that have the same block are refused, as Terraform does", () => {
    const folder = written({ "app/a.tf.json": EMPTY, "app/b.tf.json": EMPTY });
    expect(() => readStacks({ folder })).toThrow(`${join(folder, "app")}: aws_vpc.this is in two files.`);
    const locals = written({ "app/a.tf.json": { locals: { a: 1 } }, "app/b.tf.json": { locals: { a: 1 } } });
    expect(() => readStacks({ folder: locals })).toThrow("locals.a is in two files.");
  });

  it("with values of variables are read with them: the last one wins", () => {
    const folder = written({
      "app/main.tf.json": {
        variable: { tasks: { default: 1 }, name: {}, zones: {} },
        resource: { aws_thing: { it: { tasks: "${var.tasks}", name: "${var.name}", zones: "${var.zones}" } } },
      },
      "app/terraform.tfvars.json": { tasks: 2, name: "a", ignored: true },
      "app/b.auto.tfvars.json": { name: "b" },
      "app/c.auto.tfvars.json": { name: "c", zones: ["x"] },
    });
    expect(readStacks({ folder })[0]?.all("aws_thing")[0]?.values).toEqual({ tasks: 2, name: "c", zones: ["x"] });
  });
});

describe("folders", () => {
  it("are named by themselves, and by their parents where several have the same name", () => {
    expect(named({ "global/main.tf.json": EMPTY, "stacks/app/main.tf.json": EMPTY })).toEqual(["global", "app"]);
    expect(named({ "global/main.tf.json": EMPTY, "dev/stacks/app/main.tf.json": EMPTY, "prod/stacks/app/main.tf.json": EMPTY })).toEqual([
      "dev/app",
      "global",
      "prod/app",
    ]);
  });

  it("of modules that others call are no stacks", () => {
    expect(named({ "app/main.tf.json": { module: { vpc: { source: "../modules/vpc" } } }, "modules/vpc/main.tf.json": EMPTY })).toEqual([
      "app",
    ]);
  });

  it("of several environments do not see each other's stacks", () => {
    const stacks = ["dev/app", "dev/data", "prod/app", "prod/data", "global"].map((name) => new Graph(name, EMPTY));
    const seen: Record<string, readonly string[]> = {};
    const claim: Claim = {
      id: "X1",
      title: "Sees",
      decide: ({ name }, all) => {
        seen[name] = all.map((other) => other.name);
        return notApplicable("Nothing.");
      },
    };
    prove(stacks, [claim]);
    expect(seen["dev/app"]).toEqual(["dev/app", "dev/data", "global"]);
    expect(seen["prod/data"]).toEqual(["prod/app", "prod/data", "global"]);
    expect(seen["global"]).toHaveLength(5);
  });

  it("with a module whose resources are elsewhere leave a claim about nothing undecided", () => {
    const [result] = prove([new Graph("main", { module: { vpc: { source: "terraform-aws-modules/vpc/aws" } } })]);
    expect(result).toMatchObject({
      status: "unknown",
      because: "Nothing is placed in subnets. What module.vpc makes is not in this JSON: a plan has it.",
    });
  });

  it("with something else than JSON objects are refused with a sentence", () => {
    for (const [content, sentence] of [
      ["{", "main.tf.json is not JSON:"],
      ["3", "main.tf.json is not Terraform JSON: it is no object."],
      ["null", "main.tf.json is not Terraform JSON: it is no object."],
    ] as const)
      expect(() => readStacks({ folder: written({ "app/main.tf.json": content }) })).toThrow(sentence);
  });
});
