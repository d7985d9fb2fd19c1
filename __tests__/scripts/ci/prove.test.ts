import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../../support/run";

// Each case synthesizes one or two commits.
jest.setTimeout(120_000);

const PROJECT = resolve(__dirname, "..", "..", "..");
const ONE_NAT = 'network = { nat = "single" }\n';

describe("scripts/ci/prove.sh", () => {
  let repository: string;
  let base: string;

  const git = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run("git", ["-c", "user.name=a", "-c", "user.email=a@bank.test", ...args], {
      cwd: repository,
      env: process.env,
    });
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const inRepository = (...command: readonly [string, ...string[]]) =>
    run(command[0], command.slice(1), { cwd: repository, env: { ...process.env, CDKTF_OUTDIR: undefined, TFVARS_FILE: undefined } });
  const configure = (more: string): void => {
    writeFileSync(join(repository, "terraform.tfvars"), readFileSync(join(PROJECT, "terraform.tfvars.example"), "utf8") + more);
  };

  beforeAll(async () => {
    repository = mkdtempSync(join(tmpdir(), "standfast-claims-"));
    const { stdout } = await run("git", ["ls-files", "-co", "--exclude-standard"], { cwd: PROJECT, env: process.env });
    for (const file of stdout.trim().split("\n"))
      if (!file.startsWith("__tests__/") && existsSync(join(PROJECT, file))) cpSync(join(PROJECT, file), join(repository, file));
    symlinkSync(join(PROJECT, "node_modules"), join(repository, "node_modules"));
    writeFileSync(join(repository, ".gitignore"), "node_modules\ncdktf.out\n");
    configure("");
    await git("init", "--quiet");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "base");
    base = await git("rev-parse", "HEAD");
    configure(ONE_NAT);
    await inRepository("npm", "run", "--silent", "synth");
  });

  it("names the claims that a change refutes, in the summary and on the page, and exits with 3", async () => {
    const { code, stdout } = await inRepository(
      "scripts/ci/prove.sh",
      "--base",
      base,
      "--summary",
      join(repository, "summary.md"),
      "--out",
      "claims",
    );
    expect({ code, stdout }).toEqual({
      code: 3,
      stdout: expect.stringContaining("Changed against the base: Z2, proven before, refuted now."),
    });
    expect(readFileSync(join(repository, "summary.md"), "utf8")).toMatch(
      /^\| Z2: .* \| proven \| \*\*refuted\*\* \| The loss of us-east-1a takes /m,
    );
    expect(readFileSync(join(repository, "claims", "claims.html"), "utf8")).toContain("Changed against the base");
    expect(readFileSync(join(repository, "claims", "claims.xml"), "utf8")).toMatch(
      /<testcase classname="us-east-1" name="Z2 [^>]*><failure /,
    );
    expect(JSON.parse(readFileSync(join(repository, "claims", "claims.json"), "utf8"))).toHaveProperty("claims");
  });

  it("leaves no work tree behind", async () => {
    expect((await git("worktree", "list")).split("\n")).toHaveLength(1);
  });

  it("compares nothing when the base cannot be synthesized, and says so", async () => {
    await git("rm", "--quiet", "--cached", "main.ts");
    await git("commit", "--quiet", "--message", "broken");
    const { code, stdout, stderr } = await inRepository("scripts/ci/prove.sh", "--base", "HEAD", "--", "--claim", "R5");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("HEAD cannot be synthesized with this configuration, so nothing is compared:"),
    });
    expect(stdout).not.toContain("Changed against the base");
  });

  it("explains itself, and refuses what it does not know", async () => {
    expect(await inRepository("scripts/ci/prove.sh", "--help")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("usage: scripts/ci/prove.sh"),
    });
    expect(await inRepository("scripts/ci/prove.sh", "--all")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("unknown argument --all"),
    });
    expect(await inRepository("scripts/ci/prove.sh", "--base", "0123456")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The commit 0123456 cannot be checked out: fetch it first."),
    });
  });
});
