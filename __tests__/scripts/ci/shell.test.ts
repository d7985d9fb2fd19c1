import { beforeEach, describe, expect, it, jest } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployOrder } from "../../../scripts/ci/manifest";
import { PlayedShell, SCRIPTS } from "../../support/played-shell";

// Each script starts several processes, in parallel with all other tests.
jest.setTimeout(60_000);

const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  failover: ["us-west-2"],
  global: [],
  "us-east-1": ["global"],
  "us-west-2": ["us-east-1"],
};
const ORDER = ["global", "us-east-1", "us-west-2", "failover"];

const SOMETHING = `echo '{ "resources": [{ "mode": "managed" }] }'`;
const CHANGES = {
  plan: 'touch "$PLAYED/../stacks/$stack/stack.tfplan"; exit 2',
  show: `echo '{"resource_changes":[{"address":"aws_a.a","mode":"managed","change":{"actions":["create"]}}]}'`,
};
const NO_CHANGES = { plan: "exit 0", show: "echo '{}'" };
const LOCKED = `printf 'Error: Error acquiring the state lock\\n\\nLock Info:\\n  ID:        0f6b1c1e-0000-4000-8000-123456789abc\\n' >&2; exit 1`;

let outdir: string;
let played: string;
let scripts: PlayedShell;

beforeEach(() => {
  scripts = new PlayedShell(DEPENDENCIES);
  ({ outdir, played } = scripts);
  for (const stack of ORDER) play(stack, NO_CHANGES);
});

const play: PlayedShell["play"] = (...args) => {
  scripts.play(...args);
};
const shell: PlayedShell["run"] = (...args) => scripts.run(...args);
const called: PlayedShell["called"] = (...args) => scripts.called(...args);

/** The calls of `terraform destroy` and `npm run cleanup`, in their order. */
const calls = (): string[] =>
  scripts
    .calls()
    .filter((line) => /^cleanup\b| destroy /.test(line))
    .map((line) => line.replace(/ destroy .*/, " destroy").trimEnd());

describe("the order of the stacks", () => {
  it("follows their dependencies, not their names", () => {
    const stacks = Object.fromEntries(Object.entries(DEPENDENCIES).map(([name, dependencies]) => [name, { name, dependencies }]));
    expect(deployOrder({ stacks })).toEqual(ORDER);
  });

  it("is an error for circular dependencies", () => {
    const circle = { a: { name: "a", dependencies: ["b"] }, b: { name: "b", dependencies: ["a"] } };
    expect(() => deployOrder({ stacks: circle })).toThrow("stacks depend on each other: a → b → a");
  });
});

describe("every script", () => {
  const files = readdirSync(SCRIPTS).filter((name) => name.endsWith(".sh"));

  it.each(files)("%s is a valid program of the shell", (name) => {
    expect(execFileSync("bash", ["-n", join(SCRIPTS, name)], { encoding: "utf8" })).toBe("");
  });

  it.each(files.filter((name) => name !== "lib.sh"))("%s prints its usage, and rejects unknown arguments", async (name) => {
    const script = name.replace(".sh", "");
    expect(await shell(script, ["--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining(`scripts/ci/${name}`) });
    expect(await shell(script, ["--wrong"])).toMatchObject({ code: 1, stderr: expect.stringContaining("unknown argument --wrong") });
  });

  it("stops before any change when another environment was synthesized", async () => {
    for (const script of ["plan", "apply", "destroy"])
      expect(await shell(script, [], { ENVIRONMENT_SUFFIX: "prod" })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("was synthesized for pr-42. Run npm run synth first"),
      });
    expect(called("init")).toEqual([]);
  });

  it("stops without a synth", async () => {
    const empty = mkdtempSync(join(tmpdir(), "standfast-empty-"));
    expect(await shell("apply", [], { CDKTF_OUTDIR: empty })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Run npm run synth first"),
    });
  });
});

describe("plan.sh", () => {
  it("plans all stacks in order and exits with 0 when nothing changes", async () => {
    expect(await shell("plan")).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing changes") });
    expect(called("plan")).toEqual(ORDER);
  });

  it("exits with 2 when something changes, and writes its summary to every given file", async () => {
    play("us-west-2", { ...CHANGES, state: SOMETHING });
    const files = [join(outdir, "one.md"), join(outdir, "two.md")];
    const { code, stdout } = await shell(
      "plan",
      files.flatMap((file) => ["--summary", file]),
    );
    expect(code).toBe(2);
    expect(stdout).toContain("| `us-west-2` | 1 | 0 | 0 | 0 |");
    for (const file of files) expect(readFileSync(file, "utf8")).toBe(stdout);
  });

  it("reports a stack that cannot be planned before another is deployed", async () => {
    play("global", CHANGES);
    play("us-east-1", { plan: "echo 'Error: no zone' >&2; exit 1" });
    const { code, stdout } = await shell("plan");
    expect(code).toBe(2);
    expect(stdout).toContain("| `us-east-1` | cannot be planned before `global` is deployed | | | |");
    expect(stdout).toContain("Error: no zone");
  });

  it("reports an error when all dependencies are deployed or have nothing to deploy", async () => {
    play("global", { ...CHANGES, state: SOMETHING });
    play("us-west-2", { plan: "echo 'Error: no access' >&2; exit 1" });
    const { code, stdout } = await shell("plan");
    expect(code).toBe(1);
    expect(stdout).toContain("us-west-2 cannot be planned");
    expect(called("plan")).toEqual(ORDER);
  });

  it("ignores empty variables, which CI servers use for missing values", async () => {
    play("global", { plan: 'echo "${TF_VAR_container_image-unset} ${TF_VAR_other-unset}" >"$PLAYED/variables"; exit 0' });
    await shell("plan", [], { TF_VAR_container_image: "", TF_VAR_other: "a" });
    expect(readFileSync(join(played, "variables"), "utf8")).toBe("unset a\n");
  });

  it("passes variables on to Terraform", async () => {
    await shell("plan", ["--", "-var", "container_image=a:1"]);
    expect(readFileSync(join(played, "calls"), "utf8")).toMatch(/us-east-1 plan .*-var container_image=a:1\n/);
  });

  it("fails with --drift when a stack is not deployed", async () => {
    play("failover", CHANGES);
    expect(await shell("plan", ["--drift"])).toMatchObject({ code: 1, stdout: expect.stringContaining("failover not deployed") });
  });

  it("deletes the plans of an earlier run", async () => {
    writeFileSync(join(outdir, "stacks", "global", "stack.tfplan"), "");
    play("global", { plan: "exit 1" });
    expect(await shell("plan")).toMatchObject({ code: 1 });
    expect(existsSync(join(outdir, "stacks", "global", "stack.tfplan"))).toBe(false);
  });
});

describe("apply.sh", () => {
  it("applies all stacks in order", async () => {
    expect(await shell("apply")).toMatchObject({ code: 0, stderr: expect.stringContaining(`Applied: ${ORDER.join(" ")}`) });
    expect(called("apply")).toEqual(ORDER);
  });

  it("stops at the first failure, and reports what is applied, what is not, and the next steps", async () => {
    play("us-west-2", { apply: "echo 'Error: quota' >&2; exit 1" });
    const { code, stderr } = await shell("apply");
    expect(code).toBe(1);
    expect(called("apply")).toEqual(["global", "us-east-1", "us-west-2"]);
    expect(stderr).toMatch(/Error: quota\n/);
    expect(stderr).toMatch(
      /Stopped at us-west-2: .*\n {2}applied: {6}global us-east-1\n {2}not started: failover \n.*run: scripts\/ci\/apply\.sh\n/,
    );
  });

  it("applies saved plans only, each once", async () => {
    for (const stack of ["global", "us-east-1"]) writeFileSync(join(outdir, "stacks", stack, "stack.tfplan"), "");
    const { code, stderr } = await shell("apply", ["--plans"]);
    expect(code).toBe(1);
    expect(called("apply")).toEqual(["global", "us-east-1"]);
    expect(stderr).toContain("Stopped at us-west-2: there is no saved plan for it");
    expect(existsSync(join(outdir, "stacks", "global", "stack.tfplan"))).toBe(false);
  });

  it("reports how to unlock a state after a killed process", async () => {
    play("us-east-1", { apply: LOCKED });
    const { stderr } = await shell("apply");
    expect(stderr).toContain(`-chdir=${join(outdir, "stacks", "us-east-1")} force-unlock 0f6b1c1e-0000-4000-8000-123456789abc`);
  });

  it("passes an interrupt on to Terraform, waits for its end, and starts nothing else", async () => {
    const note = (what: string) => `echo ${what} >>"$PLAYED/signals"`;
    play("us-east-1", {
      // As a CI server does it: first the one, then the other, and to the script alone.
      apply: `trap '${note("interrupted")}; kill -TERM $PPID; sleep 0.3; ${note("saved")}; exit 1' INT; kill -INT $PPID; while :; do sleep 0.05; done`,
    });
    const { code, stderr } = await shell("apply");
    expect(code).toBe(1);
    expect(readFileSync(join(played, "signals"), "utf8")).toBe("interrupted\nsaved\n");
    expect(stderr).toContain("Stopped at us-east-1: interrupted");
    expect(called("apply")).toEqual(["global", "us-east-1"]);
  });
});

describe("destroy.sh", () => {
  it("destroys deployed stacks in reverse order, and skips the others", async () => {
    for (const stack of ["global", "us-west-2"]) play(stack, { state: SOMETHING });
    const { code, stderr } = await shell("destroy");
    expect(code).toBe(0);
    expect(called("destroy")).toEqual(["us-west-2", "global"]);
    expect(stderr).toContain("nothing of failover is deployed");
    expect(stderr).toContain("Destroyed: failover us-west-2 us-east-1 global");
  });

  it("fails when a state cannot be read", async () => {
    play("failover", { state: "echo 'AccessDenied' >&2; exit 1" });
    expect(await shell("destroy")).toMatchObject({ code: 1, stderr: expect.stringContaining("The state of failover cannot be read") });
    expect(called("destroy")).toEqual([]);
  });

  it("destroys a stack again while a region fails, three times at most, and removes what GuardDuty has in its VPC", async () => {
    play("us-east-1", { state: SOMETHING, destroy: 'test "$(grep -c "us-east-1 destroy" "$PLAYED/calls")" -eq 3' });
    play("global", { state: SOMETHING });
    const { code, stderr } = await shell("destroy");
    expect(code).toBe(0);
    expect(calls()).toEqual([
      ...["us-east-1 destroy", "cleanup --vpc us-east-1", "us-east-1 destroy", "cleanup --vpc us-east-1", "us-east-1 destroy"],
      ...["global destroy", "cleanup"],
    ]);
    expect(stderr).toContain("== destroy us-east-1, attempt 3 of 3");
    expect(stderr).toContain("The next attempt starts in 0 seconds.");
  });

  it("stops after the third attempt, and deletes no log group while a state is not empty", async () => {
    play("global", { state: SOMETHING, destroy: "echo 'Error: BucketNotEmpty' >&2; exit 1" });
    const { code, stderr } = await shell("destroy");
    expect(code).toBe(1);
    expect(calls()).toEqual(["global destroy", "global destroy", "global destroy"]);
    expect(stderr).toContain("Stopped at global: see above.");
  });

  it.each(["Error: Instance cannot be destroyed", "Error: Error acquiring the state lock"])(
    "does not repeat what ends with %s",
    async (error) => {
      play("us-east-1", { state: SOMETHING, destroy: `echo '${error}' >&2; exit 1` });
      expect(await shell("destroy")).toMatchObject({ code: 1, stderr: expect.stringContaining("Stopped at us-east-1") });
      expect(calls()).toEqual(["us-east-1 destroy"]);
    },
  );

  it("starts no other attempt after an interrupt", async () => {
    play("us-east-1", { state: SOMETHING, destroy: "kill -INT $PPID; sleep 0.3; exit 1" });
    expect(await shell("destroy")).toMatchObject({ code: 1, stderr: expect.stringContaining("Stopped at us-east-1: interrupted") });
    expect(calls()).toEqual(["us-east-1 destroy"]);
  });

  it("continues when the VPC cannot be released, and fails when the end cannot be completed", async () => {
    play("us-east-1", { state: SOMETHING, destroy: 'test "$(grep -c "us-east-1 destroy" "$PLAYED/calls")" -eq 2' });
    writeFileSync(join(played, "cleanup"), "exit 1");
    expect(await shell("destroy")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("All states are empty, but npm run cleanup failed, see above. Run it again."),
    });
    expect(calls()).toEqual(["us-east-1 destroy", "cleanup --vpc us-east-1", "us-east-1 destroy", "cleanup"]);
  });

  it("requires the name of the environment", async () => {
    expect(await shell("destroy", [], { ENVIRONMENT_SUFFIX: undefined })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Name the environment to destroy"),
    });
  });
});

describe("comment.sh", () => {
  /** GitHub's own program, with the comments that a pull request has; it notes its arguments and the text of the body. */
  const gh = `#!/usr/bin/env bash
for argument; do
  echo "$argument" >>"$PLAYED/gh-calls"
  case $argument in body=@*) cp "\${argument#body=@}" "$PLAYED/body" ;; esac
done
case "$*" in *--jq*) cat "$PLAYED/comments" ;; esac
`;
  const comment = async (ids: string): Promise<string> => {
    writeFileSync(join(played, "gh"), gh, { mode: 0o755 });
    writeFileSync(join(played, "comments"), ids);
    writeFileSync(join(outdir, "plan.md"), "### Plan\n");
    const env = { PATH: `${played}:${process.env["PATH"] ?? ""}`, GITHUB_REPOSITORY: "bank/payments" };
    expect(await shell("comment", ["7", join(outdir, "plan.md")], env)).toMatchObject({ code: 0 });
    expect(readFileSync(join(played, "body"), "utf8")).toBe("<!-- standfast: plan -->\n### Plan\n");
    return readFileSync(join(played, "gh-calls"), "utf8");
  };

  it("writes the first summary into a new comment", async () => {
    expect(await comment("")).toMatch(/POST\nrepos\/bank\/payments\/issues\/7\/comments\n/);
  });

  it("updates that comment with each further summary", async () => {
    const calls = await comment("123\n456\n");
    expect(calls).toMatch(/PATCH\nrepos\/bank\/payments\/issues\/comments\/123\n/);
    expect(calls).not.toContain("POST");
  });

  it("writes nothing without a plan", async () => {
    expect(await shell("comment", ["7", join(outdir, "none.md")])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("no comment"),
    });
  });
});
