import { describe, expect, it } from "@jest/globals";
import { oneRegion } from "../support/synthesized";

describe("the state", () => {
  const terraform = (overrides: object) =>
    oneRegion({ database: { rewind: false }, ...overrides }).json["terraform"] as { backend: { s3: object }; required_version: string };

  it("is in the bucket of its region, locked, with the encryption of the bucket, under suffix and stack", () => {
    expect(terraform({}).backend.s3).toEqual({
      bucket: "standfast-state-123456789012-us-east-1",
      key: "standfast/test-1/us-east-1.tfstate",
      region: "us-east-1",
      use_lockfile: true,
    });
    expect(terraform({}).required_version).toBe(">= 1.11");
  });

  it("has no lock if the version of Terraform does not support it", () => {
    expect(terraform({ terraform_version: "1.9" }).backend.s3).not.toHaveProperty("use_lockfile");
    expect(terraform({ terraform_version: "1.10" }).backend.s3).toHaveProperty("use_lockfile");
  });
});
