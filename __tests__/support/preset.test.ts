import { describe, expect, it } from "@jest/globals";
import { GUARDS, KEY_OF } from "./invariants";
import { ALL_PRESETS } from "./preset";

describe("the presets together", () => {
  it("have every type of resource whose protection or encryption is checked", () => {
    const types = [
      ...GUARDS.map(([type]) => type),
      ...Object.keys(KEY_OF),
      "aws_rds_global_cluster",
      "aws_secretsmanager_secret",
      "aws_service_discovery_service",
      "aws_synthetics_canary",
    ];
    expect(types.filter((type) => ALL_PRESETS.every(([, preset]) => preset.all(type).length === 0))).toEqual([]);
  });
});
