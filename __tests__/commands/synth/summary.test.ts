import { describe, expect, it } from "@jest/globals";
import { App } from "cdktf";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { summaryOf } from "../../../commands/synth/summary";
import { PRESETS } from "../../../config/presets";
import { resolve } from "../../../config/resolve";
import { platform } from "../../../stacks/platform";
import { given, TODAY } from "../../support/config";

/** Synthesizes a configuration and summarizes what is written. */
function summarize(overrides: object, isExample = false) {
  const values = given({ ...overrides });
  const loaded = { ...resolve("test.tfvars", values, TODAY), given: values, isExample };
  const app = new App({ stackTraces: false, outdir: mkdtempSync(join(tmpdir(), "standfast-summary-")) });
  const stacks = platform(app, loaded);
  app.synth();
  const names = stacks.map(({ node }) => node.id);
  return { stacks, summary: summaryOf(loaded, names, app.outdir) };
}

describe.each(Object.keys(PRESETS))("the summary of the preset %s", (preset) => {
  const { stacks, summary } = summarize({ preset });

  it("counts the resources of every stack", () => {
    for (const { name, resources } of summary.stacks) {
      const json = stacks.find(({ node }) => node.id === name)?.toTerraform() as { resource?: Record<string, object> };
      expect({ name, resources }).toEqual({
        name,
        resources: Object.values(json.resource ?? {}).reduce((sum, ofType) => sum + Object.keys(ofType).length, 0),
      });
    }
  });

  it("has a price for every resource, and stacks whose costs are the sum", () => {
    expect(summary.monthly.unpriced).toEqual([]);
    expect(summary.stacks.reduce((sum, { monthly }) => sum + monthly, 0)).toBeCloseTo(summary.monthly.fixed, 1);
  });

  it("deploys the stacks in their order, after the doctor", () => {
    expect(summary.next).toEqual(["npm run doctor", `npx cdktf deploy ${stacks.map(({ node }) => node.id).join(" ")}`]);
  });
});

describe("the summary of the example", () => {
  it("sends the reader to npm run init, because the example cannot be deployed", () => {
    expect(summarize({}, true).summary.next).toEqual(["npm run init", "npm run synth"]);
  });
});

it("the summary names the resources of a region whose prices are not known", () => {
  const regions = [
    { name: "eu-central-1", availability_zones: ["a", "b", "c"].map((zone) => `eu-central-1${zone}`), vpc_cidr: "10.0.0.0/16" },
  ];
  expect(summarize({ regions, preset: "payment-elastic" }).summary.monthly.unpriced).toEqual([
    { stack: "eu-central-1", type: "aws_rds_cluster_instance", resources: 3 },
  ]);
});
