import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, jest } from "@jest/globals";
import { answerFrom, fileWith, questions } from "../../../commands/init/answers";
import { loadConfig } from "../../../config/load";
import { PRESETS } from "../../../config/presets";
import { PROJECT } from "../../support/requirements";
import { run } from "../../support/run";

// Each test runs a process, in parallel with all other tests.
jest.setTimeout(60_000);

const EXAMPLE = readFileSync(join(PROJECT, "terraform.tfvars.example"), "utf8");
const FLAGS = ["--account", "210987654321", "--zone-name", "bank.net", "--zone-id", "Z0123456789ABC", "--emails", "a@bank.net, b@bank.net"];

describe("npm run init", () => {
  let folder: string;

  const init = (...args: readonly string[]) =>
    run(process.execPath, ["scripts/run.mjs", "commands/init/main.ts", ...args], {
      cwd: folder,
      env: { ...process.env, AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "standfast-init-"));
    for (const part of [
      "scripts",
      "commands",
      "config",
      "modules",
      "stacks",
      "prove",
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      "terraform.tfvars.example",
    ])
      cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
    symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  });

  it("writes the example with the given values, which a synth accepts", async () => {
    const { code, stdout } = await init(...FLAGS, "--regions", "eu-west-1,ca-central-1", "--suffix", "one");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("npm run doctor") });
    const { config } = await loadConfig(folder, {});
    expect(config).toMatchObject({
      accountId: "210987654321",
      environmentSuffix: "one",
      alertEmails: ["a@bank.net", "b@bank.net"],
      dns: { zoneName: "bank.net", zoneId: "Z0123456789ABC" },
    });
    expect(config.regions.map(({ name, availabilityZones }) => [name, availabilityZones.at(-1)])).toEqual([
      ["eu-west-1", "eu-west-1c"],
      ["ca-central-1", "ca-central-1d"],
    ]);
    expect(readFileSync(join(folder, "terraform.tfvars"), "utf8")).toContain("# The id of the AWS account, in quotes.");
  });

  it("has the values of the chosen preset in its comments, so that a key without its # changes nothing", async () => {
    const resolved = async (text: string) => {
      writeFileSync(join(folder, "terraform.tfvars"), text);
      return (await loadConfig(folder, {})).config;
    };
    expect(await init(...FLAGS, "--preset", "trading")).toMatchObject({ code: 0 });
    const written = readFileSync(join(folder, "terraform.tfvars"), "utf8");
    const uncommented = written.replace(/^#(?=[a-z_]+ *=| {2}|[\]}])/gm, "");
    expect(uncommented).toMatch(/^events = \{$/m);
    expect(await resolved(uncommented)).toEqual(await resolved(written));
  });

  it("writes nothing when a value is missing or wrong, and reports every problem at once", async () => {
    const { code, stderr } = await init("--account", "1", "--emails", "a@bank.net");
    expect(code).toBe(1);
    for (const where of ["account_id", "dns.zone_name", "dns.zone_id"]) expect(stderr).toContain(where);
    expect(existsSync(join(folder, "terraform.tfvars"))).toBe(false);
  });

  it("replaces a file only with --force", async () => {
    writeFileSync(join(folder, "terraform.tfvars"), "mine");
    expect(await init(...FLAGS)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("terraform.tfvars exists. Edit it, or replace it with --force."),
    });
    expect(readFileSync(join(folder, "terraform.tfvars"), "utf8")).toBe("mine");
    expect(await init(...FLAGS, "--force")).toMatchObject({ code: 0 });
  });

  it("explains its options", async () => {
    const { code, stdout } = await init("--help");
    expect(code).toBe(0);
    for (const { key } of questions(Object.keys(PRESETS), undefined)) expect(stdout).toContain(`--${key}`);
  });
});

describe("the answers", () => {
  it("are lists where the key is one", () => {
    expect(answerFrom("emails", " a@bank.net, ,b@bank.net")).toEqual(["a@bank.net", "b@bank.net"]);
    expect(answerFrom("suffix", " one ")).toBe("one");
  });

  it("suggest the account of the credentials", () => {
    expect(questions(["trading"], "210987654321").find(({ key }) => key === "account")?.default).toBe("210987654321");
  });

  it("need every line of the example that they replace", () => {
    const answers = { account: "1", suffix: "a", preset: "trading", "zone-name": "b", "zone-id": "c", emails: [], regions: [] };
    expect(() => fileWith(EXAMPLE.replace(/^account_id.*$/m, ""), answers)).toThrow("restore it with git");
  });
});
