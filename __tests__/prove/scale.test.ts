import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CONFIGURATIONS } from "../support/configurations";
import { run } from "../support/run";
import { everyStack } from "../support/synthesized";

// Ten environments, several times, in parallel with all other tests.
jest.setTimeout(15 * 60 * 1000);

const PROJECT = resolve(__dirname, "..", "..");
const SUFFIX = "scale-of-one";

interface Usage {
  /** User and system. On a busy machine the time on the clock says nothing; prove has one thread, and is not faster than this. */
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** Copies of every stack of a platform in two regions, as several environments with names of their own. */
function environments(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), "standfast-scale-"));
  const stacks = everyStack({ ...CONFIGURATIONS["hot-standby"], environment_suffix: SUFFIX });
  for (const [stack, { json }] of stacks) {
    const text = JSON.stringify(json);
    for (let copy = 1; copy <= count; copy++) {
      const path = join(folder, `e-${copy}`, stack);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, "cdk.tf.json"), text.replaceAll(SUFFIX, `e-${copy}`).replaceAll(SUFFIX.replaceAll("-", "_"), `e_${copy}`));
    }
  }
  return folder;
}

describe("prove", () => {
  let hook: string;

  /** The use of a whole run, as its process reports it at its end. The best of two runs: others use the machine as well. */
  async function measured(...args: readonly string[]): Promise<Usage> {
    const usages: Usage[] = [];
    for (let round = 0; round < 2; round++) {
      const usage = `${hook}.json`;
      const { stderr, code } = await run(process.execPath, ["--require", hook, "scripts/run.mjs", "prove/main.ts", ...args], {
        cwd: PROJECT,
        env: { ...process.env, USAGE_FILE: usage },
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usage, "utf8")) as NodeJS.ResourceUsage;
      usages.push({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 });
    }
    return {
      cpuSeconds: Math.min(...usages.map(({ cpuSeconds }) => cpuSeconds)),
      megabytes: Math.max(...usages.map(({ megabytes }) => megabytes)),
    };
  }

  beforeAll(async () => {
    hook = join(mkdtempSync(join(tmpdir(), "standfast-usage-")), "usage.cjs");
    writeFileSync(
      hook,
      'process.on("exit", () => require("fs").writeFileSync(process.env.USAGE_FILE, JSON.stringify(process.resourceUsage())))',
    );
    // The first run bundles.
    await run(process.execPath, ["scripts/run.mjs", "prove/main.ts", "--help"], { cwd: PROJECT, env: process.env });
  });

  it("decides two regions in at most 3 seconds, and in 300 MB", async () => {
    const { cpuSeconds, megabytes } = await measured("--from", environments(1));
    process.stderr.write(`prove: ${cpuSeconds.toFixed(2)} s CPU and ${megabytes.toFixed(0)} MB for two regions.\n`);
    // 3 s on a machine with nothing else to do. Beside other work, a second of a shared core does half as much.
    expect(cpuSeconds).toBeLessThanOrEqual(6);
    expect(megabytes).toBeLessThanOrEqual(300);
  });

  it("takes at most linear time for 10 environments", async () => {
    const [start, few, many] = [
      await measured("--help"),
      await measured("--from", environments(2)),
      await measured("--from", environments(10)),
    ];
    const exponent = Math.log((many.cpuSeconds - start.cpuSeconds) / (few.cpuSeconds - start.cpuSeconds)) / Math.log(10 / 2);
    process.stderr.write(
      `prove: ${many.cpuSeconds.toFixed(2)} s CPU for 10 environments, growth with the exponent ${exponent.toFixed(2)}.\n`,
    );
    expect(exponent).toBeLessThanOrEqual(1.3);
  });
});
