import { describe, expect, it } from "@jest/globals";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteFormerStacks } from "../../../commands/synth/former-stacks";

describe("the folders of an earlier synth", () => {
  const outdir = mkdtempSync(join(tmpdir(), "standfast-former-"));
  const write = (...path: readonly string[]): void => {
    mkdirSync(join(outdir, "stacks", ...path.slice(0, -1)), { recursive: true });
    writeFileSync(join(outdir, "stacks", ...path), "{}");
  };
  for (const stack of ["global", "us-east-1", "us-west-2", "local"]) write(stack, "cdk.tf.json");
  write("us-west-2", ".terraform", "provider");
  write("local", "terraform.tfstate");
  write("notes", "readme.txt");

  it("are deleted, apart from a local state and from what no synth wrote", () => {
    expect(deleteFormerStacks(outdir, ["global", "us-east-1"])).toEqual(["us-west-2"]);
    expect(readdirSync(join(outdir, "stacks")).sort()).toEqual(["global", "local", "notes", "us-east-1"]);
    expect(existsSync(join(outdir, "stacks", "global", "cdk.tf.json"))).toBe(true);
  });

  it("are none in an output folder that does not exist", () => {
    expect(deleteFormerStacks(join(outdir, "nowhere"), ["global"])).toEqual([]);
  });
});
