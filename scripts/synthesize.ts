import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { given, TODAY } from "../__tests__/support/config";
import { resolve } from "../config/resolve";
import { platform } from "../stacks/platform";

/** The Terraform JSON of every stack of a configuration, by the stack's name. @param overrides of the tests' minimal configuration */
export function synthesize(overrides: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), "standfast-synth-"));
  try {
    const values = given(overrides);
    const app = new App({ stackTraces: false, outdir });
    platform(app, { config: resolve("synthesize.tfvars", values, TODAY).config, given: values });
    app.synth();
    const stacks = readdirSync(join(outdir, "stacks"));
    return new Map(stacks.map((stack) => [stack, readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
