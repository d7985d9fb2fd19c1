import { beforeEach, describe, expect, it, jest } from "@jest/globals";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlayedShell } from "../../support/played-shell";
import type { Ran } from "../../support/run";

// Each script starts several processes, in parallel with all other tests.
jest.setTimeout(60_000);

const TWO_REGIONS = { global: [], "us-east-1": ["global"], "us-west-2": ["us-east-1"], failover: ["us-west-2"] };
const DEPLOYED = { state: `echo '{ "resources": [{ "mode": "managed" }] }'` };
const FAILS = "echo 'Error: quota' >&2; exit 1";

let scripts: PlayedShell;

function open(dependencies: Readonly<Record<string, readonly string[]>>, removed: readonly string[] = []): void {
  scripts = new PlayedShell(dependencies, removed);
  for (const stack of Object.keys(dependencies)) scripts.play(stack, DEPLOYED);
}

beforeEach(() => {
  open(TWO_REGIONS);
});

const apply = (...args: string[]): Promise<Ran> => scripts.run("apply", ["--waves", ...args]);
/** What is applied and verified, in this order. */
const steps = (): string[] =>
  scripts
    .calls()
    .filter((line) => /^verify | apply /.test(line))
    .map((line) => line.replace(/ apply .*/, "").replace("verify --region", "verify"));
/** What the verification prints and its exit code, for each call one line of the shell. */
const verification = (...lines: readonly string[]): void => {
  writeFileSync(
    join(scripts.played, "verify"),
    `case $(grep -c '^verify' "$PLAYED/calls") in ${lines.map((line, index) => `${index + 1}) ${line} ;;`).join(" ")} esac\n`,
  );
};

describe("apply.sh --waves", () => {
  it("applies the standby region before the primary region, and verifies each alone before the next stack", async () => {
    verification("echo '3 of 3 checks pass.'", "echo '4 of 4 checks pass.'");
    writeFileSync(join(scripts.played, "release"), "echo '  us-east-1  service  payments:1.4.2'\n");
    const { code, stderr } = await apply();
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const verified = ["us-west-2", "us-east-1"].map((region) => [region, `verify ${region} --regions-only`]);
    expect(steps()).toEqual(["global", ...verified.flat(), "failover"]);
    for (const text of [
      "== apply us-west-2 (2 of 4) (wave 1 of 2)\n",
      "== check us-west-2 (wave 1 of 2)\n3 of 3 checks pass.\n",
      "== apply us-east-1 (3 of 4) (wave 2 of 2)\n",
      "== apply failover (4 of 4)\n",
      "Applied: global us-west-2 us-east-1 failover\nImages that run:\n  us-east-1  service  payments:1.4.2\n",
    ])
      expect(stderr).toContain(text);
  });

  it("stops at a wave that fails: the primary region is not changed, and the message says how to continue and to go back", async () => {
    scripts.play("us-west-2", { apply: FAILS });
    writeFileSync(join(scripts.played, "release"), "echo '  us-west-2  service  payments:1.4.1'\n");
    const { code, stderr } = await apply();
    expect(code).toBe(1);
    expect(steps()).toEqual(["global", "us-west-2"]);
    expect(stderr.slice(stderr.indexOf("Stopped"))).toBe(
      [
        "Stopped at us-west-2 (wave 1 of 2): see above.",
        "  applied:      global",
        "  not started: us-east-1 failover ",
        "Images that run:",
        "  us-west-2  service  payments:1.4.1",
        "The primary region, us-east-1, still runs the former release.",
        "Correct the cause, then run: scripts/ci/apply.sh --waves",
        "To go back, run it with the values or the commit of the former release: it changes only the regions that have the new one.",
        "",
      ].join("\n"),
    );
  });

  it("stops when the check of a wave fails, with what failed, after attempts for a limited time", async () => {
    verification(...Array.from({ length: 9 }, () => "echo '  ✗ Every service runs'; echo '2 of 3 checks pass, 1 fails.'; exit 3"));
    const { code, stderr } = await scripts.run("apply", ["--waves"], { WAVE_CHECK_SECONDS: "0" });
    expect(code).toBe(1);
    expect(steps()).toEqual(["global", "us-west-2", "verify us-west-2 --regions-only"]);
    expect(stderr).toContain(
      "  ✗ Every service runs\n2 of 3 checks pass, 1 fails.\n\nStopped at us-west-2 (wave 1 of 2): it is applied, and its check failed: see above.\n",
    );
    expect(stderr).toContain("The primary region, us-east-1, still runs the former release.\n");
  });

  it("repeats the verification while a requirement is not met yet, and not when AWS cannot be read", async () => {
    verification("echo '2 of 3 checks pass, 1 fails.'; exit 3", "echo '3 of 3 checks pass.'", "echo '1 is unknown.'; exit 1");
    const { code, stderr } = await apply();
    expect(code).toBe(1);
    expect(stderr).toContain("2 of 3 checks pass, 1 fails. The check is repeated in 0 seconds.\n3 of 3 checks pass.\n");
    expect(steps().filter((step) => step.startsWith("verify"))).toHaveLength(3);
    expect(stderr).toContain("Stopped at us-east-1 (wave 2 of 2): it is applied, and its check failed: see above.\n");
    expect(stderr).toContain("The primary region, us-east-1, is the last wave: the other regions have the new release.\n");
  });

  it("runs another command as the check, with the region in the environment", async () => {
    const check = 'echo "$STACK $REGION" >>"$PLAYED/checked"; test "$REGION" != us-east-1';
    const { code, stderr } = await apply("--check", check);
    expect(code).toBe(1);
    expect(readFileSync(join(scripts.played, "checked"), "utf8")).toBe("us-west-2 us-west-2\nus-east-1 us-east-1\n");
    expect(steps()).toEqual(["global", "us-west-2", "us-east-1"]);
    const [, again = ""] = /then run: scripts\/ci\/apply\.sh --waves --check (.*)\n/.exec(stderr) ?? [];
    expect(again.replaceAll("\\", "")).toBe(check);
  });

  it("passes an interrupt on to every process of the check, and starts nothing else", async () => {
    const note = (what: string) => `echo ${what} >>"$PLAYED/signals"`;
    const inner = `trap '${note("interrupted")}; exit 1' INT; touch "$PLAYED/ready"; while :; do sleep 0.05; done`;
    const { code, stderr } = await apply(
      "--check",
      `(until [ -f "$PLAYED/ready" ]; do sleep 0.05; done; kill -INT $PPID) & bash -c ${JSON.stringify(inner).replaceAll("$", "\\$")}; true`,
    );
    expect(code).toBe(1);
    expect(readFileSync(join(scripts.played, "signals"), "utf8")).toBe("interrupted\n");
    expect(stderr).toContain("Interrupted. Please wait.");
    expect(stderr).toContain("Stopped at us-west-2 (wave 1 of 2): interrupted.");
    expect(steps()).toEqual(["global", "us-west-2"]);
  });

  it("states that no wave has started when global fails, and that every region is changed when failover fails", async () => {
    scripts.play("global", { apply: FAILS });
    const { stderr } = await apply();
    expect(stderr).toContain("Stopped at global: see above.\n");
    expect(stderr).toContain("No wave has started: every region still runs the former release.\nCorrect the cause");
    expect(stderr).not.toContain("To go back");
    scripts.play("global", { apply: "exit 0" });
    scripts.play("failover", { apply: FAILS });
    const { code, stderr: last } = await apply();
    expect(code).toBe(1);
    expect(last).toContain("Every region has the new release.\n");
    expect(last).toContain("To go back");
  });

  it.each(["us-west-2", "us-east-1"])("applies in the usual order, without checks, while %s is not deployed", async (absent) => {
    scripts.play(absent, { state: "echo '{}'" });
    const { code, stderr } = await apply();
    expect(code).toBe(0);
    expect(steps()).toEqual(Object.keys(TWO_REGIONS));
    expect(stderr).toContain(
      `${absent} is not deployed yet, and the database of a standby region needs that of the primary region: all stacks are applied in their usual order, without waves and checks.\n`,
    );
    expect(stderr).not.toMatch(/\(wave|== check/);
  });

  it("changes nothing when the state of a region cannot be read", async () => {
    scripts.play("us-east-1", { init: "exit 1" });
    const { code, stderr } = await apply();
    expect(code).toBe(1);
    expect(stderr).toContain(
      "Stopped at us-east-1: terraform init failed. The waves require the states of all regions. Nothing was changed.\n",
    );
    expect(steps()).toEqual([]);
  });

  it("has one wave on a platform of one region, and says so", async () => {
    open({ global: [], "us-east-1": ["global"], failover: ["us-east-1"] });
    const { code, stderr } = await apply();
    expect(code).toBe(0);
    expect(stderr).toContain("There is one wave, because the platform has one region.\n");
    expect(steps()).toEqual(["global", "us-east-1", "verify us-east-1 --regions-only", "failover"]);
    open({ global: [], "us-east-1": ["global"], failover: ["us-east-1"] });
    scripts.play("us-east-1", { apply: FAILS });
    expect((await apply()).stderr).not.toContain("still runs");
  });

  it("destroys a removed region without a check, before the waves", async () => {
    open({ failover: [], "eu-west-1": ["failover"], "us-west-2": ["eu-west-1"], "us-east-1": ["us-west-2"], global: ["us-east-1"] }, [
      "eu-west-1",
    ]);
    scripts.play("eu-west-1", { state: "echo '{}'" });
    const { code, stderr } = await apply("--check", "true");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(steps()).toEqual(["failover", "eu-west-1", "us-west-2", "us-east-1", "global", "global"]);
    expect(stderr).toContain("== apply us-west-2 (3 of 5) (wave 1 of 2)\n");
    expect(stderr).not.toContain("== check eu-west-1");
  });

  it("applies saved plans in that order: the plan of a region does not depend on the state of another one", async () => {
    const plan = (stack: string): string => join(scripts.outdir, "stacks", stack, "stack.tfplan");
    for (const stack of Object.keys(TWO_REGIONS)) writeFileSync(plan(stack), "");
    scripts.play("us-east-1", { apply: FAILS });
    const { code, stderr } = await apply("--plans", "--check", "true");
    expect(code).toBe(1);
    expect(steps()).toEqual(["global", "us-west-2", "us-east-1"]);
    expect(stderr).toContain("then run: scripts/ci/plan.sh, review the plan, then scripts/ci/apply.sh --plans --waves --check true\n");
    expect(Object.keys(TWO_REGIONS).filter((stack) => existsSync(plan(stack)))).toEqual(["failover"]);
  });

  it("rejects a check without waves, and an empty one", async () => {
    expect(await scripts.run("apply", ["--check", "true"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--check needs --waves"),
    });
    expect(await apply("--check", "")).toMatchObject({ code: 1, stderr: "--check needs a command.\n" });
    expect(scripts.calls()).toEqual([]);
  });

  it("is documented by --help, with the variables of its check", async () => {
    const { stdout } = await scripts.run("apply", ["--help"]);
    for (const word of ["--waves", "--check COMMAND", "REGION", "STACK", "WAVE_CHECK_SECONDS", "WAVE_WAIT_SECONDS"])
      expect(stdout).toContain(word);
  });
});
