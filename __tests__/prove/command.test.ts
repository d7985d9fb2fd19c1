import { beforeAll, describe, expect, it } from "@jest/globals";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CLAIMS } from "../../prove/claims";
import { run } from "../support/run";
import { everyStack } from "../support/synthesized";

const PROJECT = resolve(__dirname, "..", "..");

/** A folder as a synth writes it. */
function written(stacks: ReadonlyMap<string, { readonly json: unknown }>): string {
  const folder = mkdtempSync(join(tmpdir(), "standfast-prove-"));
  for (const [name, { json }] of stacks) {
    mkdirSync(join(folder, "stacks", name), { recursive: true });
    writeFileSync(join(folder, "stacks", name, "cdk.tf.json"), JSON.stringify(json));
  }
  return folder;
}

const prove = (...args: string[]) =>
  run(process.execPath, ["scripts/run.mjs", "prove/main.ts", ...args], { cwd: PROJECT, env: process.env });

describe("npm run prove", () => {
  let whole: string;
  let broken: string;

  beforeAll(() => {
    const stacks = everyStack({});
    whole = written(stacks);
    const standby = structuredClone(stacks.get("us-west-2")?.json) as { resource: Record<string, Record<string, Record<string, unknown>>> };
    for (const balancer of Object.values(standby.resource["aws_lb"] ?? {})) balancer["enable_zonal_shift"] = false;
    broken = written(new Map<string, { readonly json: unknown }>([...stacks, ["us-west-2", { json: standby }]]));
  });

  it("prints each claim in each region, and exits with 0 when none is refuted", async () => {
    const { code, stdout } = await prove("--from", whole);
    expect(code).toBe(0);
    for (const { id } of CLAIMS) expect(stdout).toMatch(new RegExp(`^(proven|-) +${id} `, "m"));
    expect(stdout).toMatch(/^[1-9]\d* proven, 0 refuted, 0 unknown, \d+ not applicable$/m);
  });

  it("writes the pictures of the platform into a folder", async () => {
    const folder = join(whole, "pictures");
    await prove("--from", whole, "--claim", "Z2", "--pictures", folder);
    for (const name of ["overview", "network", "takeover"]) expect(readFileSync(join(folder, `${name}.svg`), "utf8")).toMatch(/^<svg /);
  });

  it("names the resource and the consequence of a fault, and exits with 3", async () => {
    const { code, stdout } = await prove("--from", broken);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^REFUTED +Z8 .*\n +us-west-2: aws_lb\.load-balancer_alb has no zonal shift\.$/m);
    expect(stdout).not.toContain("us-east-1: aws_lb");
    expect(await prove("--from", broken, "--region", "us-east-1")).toMatchObject({ code: 0 });
    expect(await prove("--from", broken, "--claim", "Z2")).toMatchObject({ code: 0 });
  });

  it("writes the results as JSON", async () => {
    const file = join(whole, "results.json");
    await prove("--from", whole, "--json", file, "--claim", "R5");
    const { claims } = JSON.parse(readFileSync(file, "utf8")) as {
      claims: { id: string; status: string; evidence: string[]; stacks: { stack: string; status: string }[] }[];
    };
    expect(claims.map(({ id, status, stacks }) => [id, status, stacks.map(({ stack }) => stack)])).toEqual([
      ["R5", "proven", ["us-east-1", "us-west-2"]],
    ]);
    expect(JSON.parse((await prove("--from", whole, "--json", "-")).stdout)).toHaveProperty("claims");
  });

  it("reads plans without a folder", async () => {
    const plan = join(PROJECT, "__tests__", "prove", "other-projects", "plan", "plan.json");
    const { code, stdout, stderr } = await prove("--plan", plan, "--plan", `again=${plan}`, "--claim", "Z2", "--claim", "Z3");
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    for (const stack of ["plan", "again"])
      expect(stdout).toMatch(new RegExp(`^REFUTED +Z2 [^]*^ +${stack}: The loss of eu-west-1a takes `, "m"));
    expect(stdout).toMatch(/^proven +Z3 /m);
  });

  it("names files in HCL, which it does not read", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standfast-hcl-"));
    writeFileSync(join(folder, "main.tf.json"), "{}");
    writeFileSync(join(folder, "more.tf"), "");
    const { code, stderr } = await prove("--from", folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("more.tf is HCL, which is not read.") });
  });

  it("says in one sentence what it cannot read, and exits with 1", async () => {
    const empty = mkdtempSync(join(tmpdir(), "standfast-empty-"));
    const odd = mkdtempSync(join(tmpdir(), "standfast-odd-"));
    writeFileSync(join(odd, "main.tf.json"), "{");
    for (const [args, sentence] of [
      [["--from", join(empty, "nothing")], "nothing does not exist. Run npm run synth first, or name a folder with --from."],
      [["--from", empty], "has no file of Terraform JSON (*.tf.json)."],
      [["--from", odd], "main.tf.json is not JSON:"],
      [["--from", whole, "--claim", "Y0"], "There is no claim Y0. The claims are Z1,"],
      [["--from", whole, "--region", "mars"], "has no stack mars. Its stacks are "],
      [["--from", whole, "--html", join(empty, "nowhere", "page.html")], "page.html cannot be written: the folder "],
      [["--from", whole, "--deployment", "--json", "-"], "--deployment prints the critical path alone."],
    ] as const) {
      const { code, stderr } = await prove(...args);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(sentence) });
    }
  });

  it("explains itself, with every option and claim", async () => {
    const { code, stdout } = await prove("--help");
    expect(code).toBe(0);
    for (const option of ["--from", "--plan", "--claim", "--region", "--json", "--strict"]) expect(stdout).toContain(option);
  });
});
