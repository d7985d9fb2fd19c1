import { describe, expect, it } from "@jest/globals";
import type { Summary } from "../../../commands/synth/summary";
import { text } from "../../../commands/synth/terminal";

const SUMMARY: Summary = {
  environment: "prod",
  account: "123456789012",
  preset: "payment-processing",
  folder: "cdktf.out",
  stacks: [
    { name: "global", resources: 12, monthly: 2.8 },
    { name: "us-east-1", resources: 410, monthly: 1958.42 },
  ],
  monthly: { currency: "USD", priced: "2026-11-30", fixed: 1961.22, byUse: 142.02, unpriced: [] },
  recovery: ["Clients reach us-west-2 at most 56 s after us-east-1 is lost."],
  quotas: [
    { region: "us-east-1", what: "vCPU of Fargate tasks", needed: 6 },
    { region: "us-east-1", what: "VPCs", needed: 1 },
    { region: "us-west-2", what: "vCPU of Fargate tasks", needed: 1.5 },
  ],
  warnings: [],
  next: ["npm run doctor", "npx cdktf deploy global us-east-1"],
};

describe("the summary at the end of a synth", () => {
  it("has a line for each stack with its resources and monthly cost, and their sum", () => {
    const lines = text(SUMMARY, false).split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "Environment prod, preset payment-processing, account 123456789012",
      "",
      "  stack      resources  USD a month",
      "  global            12          2.8",
      "  us-east-1        410        1,958",
      "  total            422        1,961",
    ]);
  });

  it("has the cost of use, the recovery objectives, the quotas of each region, the folder and the next commands", () => {
    const shown = text(SUMMARY, false);
    expect(shown).toContain("Use adds about USD 142 a month.");
    expect(shown).toContain("Clients reach us-west-2 at most 56 s after us-east-1 is lost.");
    expect(shown).toContain("At the peak in us-east-1: vCPU of Fargate tasks 6, VPCs 1.");
    expect(shown).toContain("At the peak in us-west-2: vCPU of Fargate tasks 1.5.");
    expect(shown).toContain("The JSON is in cdktf.out.");
    expect(
      shown
        .split("\n")
        .slice(-2)
        .map((line) => line.trim()),
    ).toEqual(["npm run doctor", "npx cdktf deploy global us-east-1"]);
  });

  it("names resources without a known price, and warnings, only where there are some", () => {
    expect(text(SUMMARY, false)).not.toMatch(/without a known price|warning/);
    const shown = text(
      {
        ...SUMMARY,
        warnings: ["alert_emails is empty."],
        monthly: { ...SUMMARY.monthly, unpriced: [{ stack: "eu-central-1", type: "aws_rds_cluster_instance", resources: 3 }] },
      },
      false,
    );
    expect(shown).toContain("Not included: 3 aws_rds_cluster_instance of eu-central-1, without a known price.");
    expect(shown).toContain("1 warning, printed above.");
  });

  it("marks the cost of a stack and the total as incomplete where a price is not known", () => {
    const unpriced = [{ stack: "us-east-1", type: "aws_rds_cluster_instance", resources: 3 }];
    const shown = text({ ...SUMMARY, monthly: { ...SUMMARY.monthly, unpriced } }, false);
    expect(shown).toMatch(/^ {2}global +12 +2\.8$/m);
    expect(shown).toMatch(/^ {2}us-east-1 +410 +more than 1,958$/m);
    expect(shown).toMatch(/^ {2}total +422 +more than 1,961$/m);
  });

  it("joins regions with the same needs in one line", () => {
    const quotas = ["us-east-1", "us-west-2"].map((region) => ({ region, what: "VPCs", needed: 1 }));
    expect(text({ ...SUMMARY, quotas }, false)).toContain("At the peak in us-east-1 and in us-west-2: VPCs 1.");
  });

  it("has at most 120 columns, and colours only on a terminal", () => {
    const long = { ...SUMMARY, recovery: [Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ")] };
    for (const line of text(long, false).split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    expect(text(SUMMARY, false)).not.toContain("\u001B");
    expect(text(SUMMARY, true)).toContain("\u001B[1mEnvironment prod");
  });
});
