import { describe, expect, it } from "@jest/globals";
import { parse } from "@cdktf/hcl2json";
import fc from "fast-check";
import { type ProviderSchemas, toHcl } from "../../scripts/to-hcl/convert";
import { templateText } from "../../scripts/to-hcl/template";

const SCHEMAS: ProviderSchemas = {
  provider_schemas: {
    "registry.terraform.io/hashicorp/aws": {
      provider: { block: { block_types: { default_tags: { block: {} } } } },
      resource_schemas: {
        aws_lambda_alias: { block: { block_types: { routing_config: { block: {} } } } },
        aws_lb_listener: { block: { block_types: { default_action: { block: { block_types: { redirect: { block: {} } } } } } } },
      },
      data_source_schemas: { aws_vpc: { block: {} } },
    },
  },
};
const hcl = (json: Parameters<typeof toHcl>[0]): string =>
  toHcl(json, SCHEMAS)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");

describe("the native syntax of Terraform JSON", () => {
  it("has blocks where the schema has blocks, and arguments elsewhere", () => {
    const listener = { default_action: [{ type: "redirect", redirect: { port: "443" } }], port: 80, tags: { Name: "a b" } };
    expect(hcl({ resource: { aws_lb_listener: { one: { "//": { metadata: {} }, ...listener } } } })).toBe(
      [
        'resource "aws_lb_listener" "one" {',
        "default_action {",
        'type = "redirect"',
        "redirect {",
        'port = "443"',
        "}",
        "}",
        "port = 80",
        "tags = {",
        '"Name" = "a b"',
        "}",
        "}",
      ].join("\n"),
    );
  });

  it("has the blocks and the references of the language", () => {
    const lifecycle = {
      ignore_changes: ["tags", "tags_all"],
      precondition: [{ condition: '${data.aws_vpc.one.id != ""}', error_message: 'no "VPC"' }],
    };
    const text = hcl({
      terraform: { required_version: ">= 1.11", backend: { s3: { bucket: "state" } }, required_providers: { aws: { source: "aws" } } },
      provider: { aws: [{ region: "us-east-1", default_tags: [{ tags: {} }] }] },
      variable: { emails: { type: "set(string)", default: [], validation: [{ condition: "${true}", error_message: "no" }] } },
      data: { aws_vpc: { one: { depends_on: ["aws_lb_listener.one"], provider: "aws.other", lifecycle } } },
      moved: [{ from: "aws_vpc.a", to: "aws_vpc.b" }],
      output: { url: { value: "https://${data.aws_vpc.one.id}/" } },
    });
    for (const line of [
      'backend "s3" {',
      "required_providers {",
      "default_tags {",
      "type = set(string)",
      "validation {",
      "depends_on = [aws_lb_listener.one]",
      "provider = aws.other",
      "ignore_changes = [tags, tags_all]",
      'condition = data.aws_vpc.one.id != ""',
      'error_message = "no \\"VPC\\""',
      "from = aws_vpc.a",
      'value = "https://${data.aws_vpc.one.id}/"',
    ])
      expect(text.split("\n")).toContain(line);
  });

  it("has dynamic blocks, and keys that are expressions", () => {
    const routing = {
      for_each: "${[1]}",
      content: { additional_version_weights: { "${aws_x.y.version}": "${routing_config.value / 100}" } },
    };
    const text = hcl({ resource: { aws_lambda_alias: { live: { dynamic: { routing_config: routing } } } } });
    expect(text).toContain('dynamic "routing_config" {\nfor_each = [1]\ncontent {\nadditional_version_weights = {\n(aws_x.y.version) =');
  });

  it("is rejected for a type or a key that is not known", () => {
    expect(() => hcl({ resource: { aws_unknown: { one: {} } } })).toThrow("resource aws_unknown is not in the schemas");
    expect(() => hcl({ check: {} })).toThrow("the top-level key check is not in the schemas");
  });
});

describe("a string of Terraform JSON", () => {
  it.each([
    ['a"b\\c\nd', '"a\\"b\\\\c\\nd"'],
    ["${var.a}", "var.a"],
    ["${var.a}-${var.b}", '"${var.a}-${var.b}"'],
    ['say "${join(", ", [for a in var.b : "${a}}"])}"', '"say \\"${join(", ", [for a in var.b : "${a}}"])}\\""'],
    ["$${literal} ${var.a}", '"$${literal} ${var.a}"'],
    ['%{ if var.a == "}" }x%{ endif }', '"%{ if var.a == "}" }x%{ endif }"'],
    ['${jsondecode("{\\"a\\":1}")}', 'jsondecode("{\\"a\\":1}")'],
  ])("%j is %s", (json, native) => {
    expect(templateText(json)).toBe(native);
  });

  it("without templates has the same value in both syntaxes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...Array.from("ab\"\\\n\t {}'#é→")) }), async (text) => {
        expect(await parse("one.tf", `locals {\n  one = ${templateText(text)}\n}`)).toEqual({ locals: [{ one: text }] });
      }),
      { numRuns: 50 },
    );
  });

  it("with an expression without an end is rejected", () => {
    expect(() => templateText("${var.a")).toThrow("an expression has no end");
    expect(() => templateText('${"a}')).toThrow("a string has no end");
  });
});
