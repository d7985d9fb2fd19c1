import { describe, expect, it } from "@jest/globals";
import { App, Testing } from "cdktf";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platform } from "../../stacks/platform";
import { RemovedRegionStack } from "../../stacks/removed-region-stack";
import { deployOrder, isRemoved } from "../../scripts/ci/manifest";
import { aConfig, given, ONE_REGION, regionsOf } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";
import { failoverStack, globalStack, oneRegion, Synthesized } from "../support/synthesized";

const WITHOUT_WEST = { ...ONE_REGION, removed_regions: ["us-west-2"] };

describe("while a region is removed", () => {
  const order = (overrides: Readonly<Record<string, unknown>>): string[] => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), "standfast-removed-")), stackTraces: false });
    const stacks = platform(app, { config: aConfig(overrides), given: given(overrides) });
    const entries = stacks.map((stack) => {
      const dependencies = stack.dependencies.map(({ node }) => node.id);
      return [stack.node.id, { name: stack.node.id, dependencies }] as const;
    });
    return deployOrder({ stacks: Object.fromEntries(entries) });
  };

  it("the stacks are deployed in the reverse order: first those that depend on the region, last those that it depends on", () => {
    expect(order(WITHOUT_WEST)).toEqual(["failover", "us-west-2", "us-east-1", "global"]);
    expect(order({ regions: regionsOf("warm", "us-east-1", "us-west-2"), removed_regions: ["eu-west-1"] })).toEqual([
      "failover",
      "eu-west-1",
      "us-west-2",
      "us-east-1",
      "global",
    ]);
    expect(order(ONE_REGION)).toEqual(["global", "us-east-1", "failover"]);
  });

  it("its stack has the provider, the state and the variables, and no resource", () => {
    const config = aConfig(WITHOUT_WEST);
    const stack = new RemovedRegionStack(Testing.app(), { config, given: given(WITHOUT_WEST), region: "us-west-2" });
    const { json, ...removed } = new Synthesized(Testing.synth(stack));
    expect(removed).toEqual({});
    expect(json).not.toHaveProperty("resource");
    expect(isRemoved(json)).toBe(true);
    expect(json).not.toHaveProperty("data");
    expect(json["provider"]).toMatchObject({ aws: [{ region: "us-west-2" }] });
    expect(json["terraform"]).toMatchObject({ backend: { s3: { region: "us-west-2", key: "standfast/test-1/us-west-2.tfstate" } } });
  });

  it("the stacks global and failover keep the providers that delete their resources in the region", () => {
    const regions = (stack: Synthesized): unknown[] =>
      (stack.json["provider"] as { aws: { region: string }[] }).aws.map(({ region }) => region).sort();
    expect(regions(globalStack(WITHOUT_WEST))).toEqual(["us-east-1", "us-west-2"]);
    expect(regions(failoverStack(WITHOUT_WEST))).toEqual(["us-east-1", "us-west-2"]);
    expect(regions(globalStack(ONE_REGION))).toEqual(["us-east-1"]);
    expect(regions(failoverStack(ONE_REGION))).toEqual(["us-east-1"]);
  });

  it("the remaining cluster stays in the global database until its tasks use its own endpoint", () => {
    expect(oneRegion().only("aws_rds_cluster")["lifecycle"]).toMatchObject({
      ignore_changes: ["global_cluster_identifier", "replication_source_identifier", "engine_lifecycle_support"],
    });
    expect(globalStack(WITHOUT_WEST).all("aws_rds_global_cluster")).toEqual([]);
  });

  it("is rejected before anything is deleted while the region has the writer", () => {
    expect(failoverStack(WITHOUT_WEST).json["data"]).toMatchObject({
      aws_rds_cluster: {
        "writer-check_primary": {
          provider: "aws",
          cluster_identifier: "aurora-test-1-us-east-1",
          lifecycle: {
            postcondition: [
              {
                condition: '${self.replication_source_identifier == ""}',
                error_message:
                  "The cluster aurora-test-1-us-east-1 is not the writer of the global database, so the removal of us-west-2 could delete the data. Switch the roles back with the runbook region-takeover of us-east-1, then remove the region.",
              },
            ],
          },
        },
      },
    });
    expect(failoverStack(ONE_REGION).json["data"]).not.toHaveProperty("aws_rds_cluster");
  });
});

describeInvalidConfigs([
  {
    title: "a region that is removed and deployed",
    bad: { removed_regions: ["us-west-2"] },
    where: "removed_regions[0]",
    says: /^is in regions too.*remove its entry from regions to destroy it, or remove it from this list to keep it$/,
    good: WITHOUT_WEST,
  },
  {
    title: "a region that is removed twice",
    bad: { ...ONE_REGION, removed_regions: ["us-west-2", "us-west-2"] },
    where: "removed_regions[1]",
    says: /is listed twice remove this entry/,
    good: WITHOUT_WEST,
  },
  {
    title: "a removed region that does not exist",
    bad: { ...ONE_REGION, removed_regions: ["us-wset-2"] },
    where: "removed_regions[0]",
    says: /us-west-2/,
    good: WITHOUT_WEST,
  },
]);
