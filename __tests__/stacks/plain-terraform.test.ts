import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { CONFIGURATIONS, EACH_PRESET } from "../support/configurations";
import { strings, withoutComments } from "../support/plain-terraform";
import { everyStack, type Synthesized } from "../support/synthesized";
import { synthesizer } from "../support/synthesizer";

/** What Terraform 1.11 reads at the top level of a file. @see https://developer.hashicorp.com/terraform/language/syntax/json */
const TOP_LEVEL = ["data", "ephemeral", "locals", "moved", "output", "provider", "resource", "terraform", "variable"];
/** Arguments whose value is a file of the machine that runs Terraform. */
const FILE_ARGUMENTS = ["content_base64", "filename", "source", "template_file", "zip_file"];
/** Functions and values that depend on the folder or the machine. */
const READS_FILES = /\b(abspath|file(?:base64|exists|set|md5|sha\w+|base64sha\w+)?|pathexpand|templatefile)\(|\bpath\.(cwd|module|root)\b/;
/** Texts that name the command of CDKTF: messages for operators, and the runbook pages. */
const MESSAGES = ["content", "error_message"];

const every = Object.entries(CONFIGURATIONS).flatMap(([title, overrides]) =>
  [...everyStack(overrides)].map(([name, stack]) => ({ title: `${name} of ${title}`, stack })),
);
const json = ({ json }: Synthesized) => withoutComments(json) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Addresses to which the expressions of a text refer: `aws_vpc.network_vpc`. */
const references = (text: string): string[] =>
  [...text.matchAll(/\$\{[^}]*\}/g)].flatMap(([expression]) =>
    [...expression.matchAll(/(?<![\w.-])(?:data\.|ephemeral\.)?(?:aws_\w+|terraform_data|random_\w+)\.[A-Za-z][\w-]*/g)].map(
      ([address]) => address,
    ),
  );

const declares = ({ json }: Synthesized, address: string): boolean => {
  const parts = address.split(".");
  const block = parts.length === 3 ? (parts[0] ?? "") : "resource";
  const [type = "", id = ""] = parts.slice(-2);
  const declared = (json[block] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  return declared[type]?.[id] !== undefined;
};

describe("the synthesized JSON without its comments", () => {
  it("has only blocks of the Terraform language", () => {
    expect(every.length).toBeGreaterThan(50);
    expect([...new Set(every.flatMap(({ stack }) => Object.keys(json(stack))))].sort()).toEqual(TOP_LEVEL);
  });

  it("has one provider, of HashiCorp, and its state in S3", () => {
    for (const { title, stack } of every) {
      const { terraform = {}, provider = {} } = json(stack);
      expect({
        title,
        providers: Object.keys(provider),
        required: terraform["required_providers"],
        backends: Object.keys(terraform["backend"] as object),
      }).toMatchObject({ providers: ["aws"], required: { aws: { source: "aws" } }, backends: ["s3"] });
    }
  });

  it("has no trace of CDKTF: no token, and no name but in messages", () => {
    const traces = every.flatMap(({ title, stack }) =>
      strings(json(stack))
        .filter(({ path, text }) => text.includes("TfToken") || (/cdktf/i.test(text) && !MESSAGES.includes(path.at(-1) ?? "")))
        .map(({ path, text }) => `${title}: ${path.join(".")} = ${text}`),
    );
    expect(traces).toEqual([]);
  });

  // Stacks do not resolve their tokens to find references between them: one would name a resource of another state.
  it("refers to resources, data and values of its own stack only", () => {
    const dangling = every.flatMap(({ title, stack }) =>
      strings(json(stack)).flatMap(({ text }) =>
        references(text)
          .filter((address) => !declares(stack, address))
          .map((address) => `${title}: ${address}`),
      ),
    );
    expect(dangling).toEqual([]);
  });

  it("is searched for such references: one is found in an expression, and none in text", () => {
    expect(references("${aws_vpc.network_vpc.id} aws_vpc.other.id ${join(data.aws_region.here.name, [local.x])}")).toEqual([
      "aws_vpc.network_vpc",
      "data.aws_region.here",
    ]);
    const [{ stack } = { stack: undefined }] = every;
    expect(stack && declares(stack, "aws_vpc.planted")).toBe(false);
  });

  it("runs no command on the machine, and reads nothing of other states or from the internet", () => {
    const foreign = every.flatMap(({ title, stack }) => {
      const { data = {}, resource = {} } = json(stack);
      return [
        ...[...Object.keys(data), ...Object.keys(resource)].filter((type) => !/^(aws_|terraform_data$)/.test(type)),
        ...stack.all().flatMap((one) => ["connection", "provisioner"].filter((key) => key in one)),
      ].map((what) => `${title}: ${what}`);
    });
    expect(foreign).toEqual([]);
  });

  it("calls no function that reads a file or depends on the folder", () => {
    const reading = every.flatMap(({ title, stack }) =>
      strings(json(stack))
        .filter(({ text }) => [...text.matchAll(/\$\{([^}]*)\}/g)].some(([, expression = ""]) => READS_FILES.test(expression)))
        .map(({ path, text }) => `${title}: ${path.join(".")} = ${text}`),
    );
    expect(reading).toEqual([]);
    expect(READS_FILES.test('filebase64("a.zip")')).toBe(true);
  });
});

describe("the folder of a stack", () => {
  const outdirs: string[] = [];
  const synthesized = (preset: string): string => {
    const outdir = mkdtempSync(join(tmpdir(), "standfast-plain-"));
    outdirs.push(outdir);
    synthesizer().synthesizePlatform(EACH_PRESET[preset] ?? {}, outdir);
    return join(outdir, "stacks");
  };

  afterAll(() => {
    for (const outdir of outdirs) rmSync(outdir, { recursive: true, force: true });
  });

  it.each(Object.keys(EACH_PRESET))("contains every file that the JSON of %s names, by a relative path", (preset) => {
    const stacks = synthesized(preset);
    const files = readdirSync(stacks).flatMap((stack) => {
      const folder = join(stacks, stack);
      const parsed = withoutComments(JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")));
      const { resource } = parsed as { readonly resource: unknown };
      const named = strings(resource).filter(({ path }) => FILE_ARGUMENTS.includes(path.at(-1) ?? ""));
      const texts = strings(parsed).map(({ text }) => text);
      expect(texts.filter((text) => text.includes(stacks) || text.includes(process.cwd()) || text.startsWith("../"))).toEqual([]);
      return named.map(({ text }) => ({ folder, text }));
    });
    expect(files.length).toBeGreaterThan(2);
    for (const { folder, text } of files) {
      expect(text).toMatch(/^assets\/[\w-]+\/[0-9A-F]{32}\/[\w-]+\.zip$/);
      expect(statSync(join(folder, text)).size).toBeGreaterThan(100);
    }
  });
});
