import { describe, expect, it } from "@jest/globals";
import { PROJECT } from "../support/requirements";
import { run } from "../support/run";

const RESULTS = {
  rows: [
    { id: "floor", name: "floor", cpu: 0.25, wall: 0.2, megabytes: 89.4 },
    { id: "direct", name: "direct", cpu: 0.5, wall: 0.4, megabytes: 117 },
  ],
  growth: [{ name: "synth", results: [{ count: 5, cpu: 1, wall: 1, megabytes: 150 }], exponent: 0.85 }],
  goals: [
    { of: "direct", to: "floor", ratio: 2, most: 1.6, isMet: false },
    { of: "template", to: "direct", ratio: 10, least: 8, isMet: true },
  ],
  mostGrowth: 1.05,
};

describe("the benchmark", () => {
  it("prints each measurement with its ratios, the growth, and each goal with whether it is met", async () => {
    const script = `import { report } from "./scripts/bench/report.mjs"; console.log(report(${JSON.stringify(RESULTS)}));`;
    const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: PROJECT, env: process.env });
    expect(stderr).toBe("");
    expect(stdout.split("\n").map((line) => line.replace(/ +/g, " ").trim())).toEqual([
      "CPU s wall s MB × floor × direct",
      "floor 0.25 0.20 89 1.00 0.50",
      "direct 0.50 0.40 117 2.00 1.00",
      "synth, environments: 5 1.00 1.00 150",
      "synth: exponent 0.85 from the second to the last (at most 1.05)",
      "direct to floor: 2.00 (at most 1.6) NOT MET",
      "template to direct: 10.00 (at least 8)",
      "",
    ]);
  });

  it("rejects an option that it does not have", async () => {
    const { code, stderr } = await run(process.execPath, ["scripts/bench.mjs", "--fast"], { cwd: PROJECT, env: process.env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("npm run bench -- --help explains the options.") });
  });
});
