import { describe, expect, it, jest } from "@jest/globals";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "./support/run";

const PROJECT = resolve(__dirname, "..");
const EXAMPLE = readFileSync(join(PROJECT, "terraform.tfvars.example"), "utf8");

/** Runs the synth as `npm run synth` does, on a terraform.tfvars of its own. */
async function synth(tfvars: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "standfast-main-"));
  writeFileSync(join(folder, "terraform.tfvars"), tfvars);
  const outdir = join(folder, "out");
  const ran = await run(process.execPath, ["scripts/run.mjs", "main.ts", ...args], {
    cwd: PROJECT,
    env: { ...process.env, TFVARS_FILE: join(folder, "terraform.tfvars"), CDKTF_OUTDIR: outdir, ...env },
  });
  return { ...ran, outdir, stack: join(outdir, "stacks", "us-east-1", "cdk.tf.json") };
}

/** The example with lines of its own at the end, or with one of its keys replaced. */
const withLine = (line: string): string => `${EXAMPLE}\n${line}\n`;
const withKey = (key: string, value: string): string => EXAMPLE.replace(new RegExp(`^${key}\\s*=.*$`, "m"), `${key} = ${value}`);

// Each runs its own process, in parallel with all other tests.
jest.setTimeout(5 * 60_000);

describe("a bad input ends with one clear report, a non-zero exit code and nothing written", () => {
  it.each([
    ["an unknown key", withLine('regon = "us-east-1"'), "1. regon", "did you mean regions?"],
    ["a suffix that is too long", withKey("environment_suffix", `"${"x".repeat(21)}"`), "1. environment_suffix", "1 to 20"],
    ["an illegal suffix", withKey("environment_suffix", '"Prod_1"'), "1. environment_suffix", "lower-case"],
    ["an overlapping CIDR", withLine('network = { reserved_cidrs = ["10.0.0.0/16"] }'), "1. regions[0].vpc_cidr", "overlaps"],
    [
      "a CIDR that is too small",
      withLine(
        'regions = [{ name = "us-east-1", availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"], vpc_cidr = "10.0.0.0/24" }]',
      ),
      "1. regions[0].vpc_cidr",
      "too small",
    ],
    [
      "fewer than three zones",
      withLine('regions = [{ name = "us-east-1", availability_zones = ["us-east-1a", "us-east-1b"], vpc_cidr = "10.0.0.0/16" }]'),
      "1. regions[0].availability_zones",
      "at least 3",
    ],
    [
      "a zone of another region",
      withLine(
        'regions = [{ name = "us-east-1", availability_zones = ["us-east-1a", "us-east-1b", "us-west-2a"], vpc_cidr = "10.0.0.0/16" }]',
      ),
      "1. regions[0].availability_zones",
      "not an Availability Zone of us-east-1",
    ],
    [
      "a t-class with the global database",
      withLine('database = { instance_class = "db.t4g.medium" }'),
      "1. database.instance_class",
      "memory-optimised",
    ],
    ["too few tasks", withLine("service = { tasks = 5 }"), "1. service.tasks", "require 6"],
    [
      "a timeout that is not below the interval",
      withLine("load_balancer = { health_check = { timeout_seconds = 5 } }"),
      "1. load_balancer.health_check.timeout_seconds",
      "not below the interval",
    ],
    ["a bad e-mail address", withKey("alert_emails", '["oncall"]'), "1. alert_emails[0]", "e-mail"],
    ["a bad image", withLine('container_image = "payments:latest"'), "1. container_image", "registry and tag"],
    ["a missing zone", EXAMPLE.replace(/^ {2}zone_id.*$/m, ""), "1. dns.zone_id", "is missing"],
    ["a malformed file", "environment_suffix = \n= 1", "1. the file", "is not valid HCL"],
  ])("%s", async (_, tfvars, where, says) => {
    const { code, stderr, outdir } = await synth(tfvars);
    expect(stderr).toContain("terraform.tfvars: 1 problem. Nothing was written.");
    expect(stderr).toContain(where);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/^\s+at .*\(/m);
    expect(code).toBe(1);
    expect(existsSync(outdir)).toBe(false);
  });

  it("an unreadable file", async () => {
    const { code, stderr, outdir } = await synth("", { TFVARS_FILE: join(tmpdir(), "nowhere", "x.tfvars") });
    expect(stderr).toMatch(/x\.tfvars: 1 problem[\s\S]*cannot be read: ENOENT/);
    expect(code).toBe(1);
    expect(existsSync(outdir)).toBe(false);
  });
});

describe("the synth", () => {
  it("writes a configuration for each stack", async () => {
    const { code, stack, outdir } = await synth(EXAMPLE);
    expect(code).toBe(0);
    expect(existsSync(stack)).toBe(true);
    expect(readdirSync(join(outdir, "stacks")).sort()).toEqual(["failover", "global", "us-east-1", "us-west-2"]);
  });

  it("ends with one summary: the stacks with their resources and cost, the recovery objectives, the quotas and the next command", async () => {
    const { stdout, stderr } = await synth(EXAMPLE);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^Environment try-001, preset payment-processing, account 123456789012$/m);
    expect(stdout).toMatch(/^ {2}us-west-2 +\d{3} +[\d,]+$/m);
    expect(stdout).toMatch(/Clients of pay\.standfast\.test reach us-west-2 at most 56 s/);
    expect(stdout).toMatch(/At the peak in us-east-1 and in us-west-2: vCPU of Fargate tasks 6/);
    expect(stdout.trimEnd().split("\n").at(-1)?.trim()).toBe("npx cdktf deploy global us-east-1 us-west-2 failover");
  });

  it("prints the same as JSON with --json, and only warnings with --quiet", async () => {
    const warned = withKey("alert_emails", "[]");
    const [json, quiet] = [await synth(warned, {}, ["--json"]), await synth(warned, {}, ["--quiet"])];
    expect(JSON.parse(json.stdout)).toMatchObject({
      environment: "try-001",
      stacks: [{ name: "global" }, { name: "us-east-1" }, { name: "us-west-2" }, { name: "failover" }],
      monthly: { currency: "USD", unpriced: [] },
      warnings: ["alert_emails is empty: alarms notify no recipient."],
    });
    expect(json.stderr).toBe("");
    expect(quiet).toMatchObject({ stdout: "", stderr: "warning: alert_emails is empty: alarms notify no recipient.\n", code: 0 });
    expect(readFileSync(quiet.stack, "utf8")).toBe(readFileSync(json.stack, "utf8"));
  });

  it("rejects an argument that it does not have, and writes nothing", async () => {
    const { code, stderr, outdir } = await synth(EXAMPLE, {}, ["--quite"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "--quite is not an argument of the synth. npm run synth -- --help explains the arguments.\n",
    });
    expect(existsSync(outdir)).toBe(false);
  });

  it("gives the same JSON through npx cdktf synth", async () => {
    const { stack, outdir } = await synth(EXAMPLE);
    const cli = join(outdir, "..", "cli");
    const ran = await run("npx", ["cdktf", "synth", "--output", cli], {
      cwd: PROJECT,
      env: { ...process.env, TFVARS_FILE: join(outdir, "..", "terraform.tfvars"), CHECKPOINT_DISABLE: "1" },
    });
    expect(ran).toMatchObject({ code: 0 });
    expect(readFileSync(join(cli, "stacks", "us-east-1", "cdk.tf.json"), "utf8")).toBe(readFileSync(stack, "utf8"));
  });

  it("gives the same JSON twice: nothing in it depends on the time or the machine", async () => {
    const [one, other] = [await synth(EXAMPLE), await synth(EXAMPLE)];
    expect(readFileSync(one.stack, "utf8")).toBe(readFileSync(other.stack, "utf8"));
    expect(readFileSync(one.stack, "utf8")).not.toContain(PROJECT);
  });
});
