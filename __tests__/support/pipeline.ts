import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { step } from "./progress";
import type { KeptProvider } from "./provider/kept-provider";
import { type Ran, run } from "./run";
import { Terraform } from "./terraform";
import { findProviderMirror, findTerraform } from "./tools";

/** Arguments for an apply or destroy of an environment that nothing has changed since a plan found no drift. */
export const WITHOUT_REFRESH = ["--", "-refresh=false"] as const;

/** One environment as a pipeline sees it: a synth, and the shell of `scripts/ci`, with nothing but environment variables. */
export class Pipeline {
  readonly outdir = mkdtempSync(join(tmpdir(), "standfast-pipeline-"));
  private readonly env: NodeJS.ProcessEnv;

  /** @param env what the pipeline's server sets: credentials, `TFVARS_FILE` */
  constructor(
    private readonly project: string,
    readonly suffix: string,
    env: NodeJS.ProcessEnv,
    private readonly provider?: KeptProvider,
  ) {
    const mirror = findProviderMirror();
    const parallel = "-parallelism=40";
    this.env = {
      ...env,
      ENVIRONMENT_SUFFIX: suffix,
      CDKTF_OUTDIR: this.outdir,
      TERRAFORM_BINARY_NAME: findTerraform(),
      TF_CLI_CONFIG_FILE: undefined,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_ARGS_plan: parallel,
      TF_CLI_ARGS_apply: parallel,
      TF_CLI_ARGS_destroy: parallel,
      ...(mirror && { TF_CLI_ARGS_init: `-plugin-dir=${mirror}` }),
    };
  }

  async synth(): Promise<void> {
    const { code, stderr } = await run("npm", ["run", "synth"], { cwd: this.project, env: this.env });
    if (code !== 0) throw new Error(`synth of ${this.suffix} ended with ${code}:\n${stderr}`);
    this.provider?.addAssets(this.outdir);
  }

  /** Runs a script, with any exit code. @param variables Terraform variables, by name */
  shell(
    script: "plan" | "apply" | "destroy",
    args: readonly string[] = [],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    const env = { ...this.env, ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value])) };
    return step(`${script}.sh ${args.join(" ")} for ${this.suffix}`, () =>
      run(join(this.project, "scripts", "ci", `${script}.sh`), args, { cwd: this.project, env }),
    );
  }

  /** Runs a script that must succeed, and returns its output. */
  async must(script: "apply" | "destroy", ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.shell(script, args);
    if (code !== 0) throw new Error(`${script}.sh for ${this.suffix} ended with ${code}:\n${stderr.slice(-6000)}`);
    return stdout + stderr;
  }

  /**
   * Synthesizes and applies. @returns the plan after it: exit code 0 and no text if nothing is left to change
   * @param args of apply.sh, e.g. `WITHOUT_REFRESH`
   */
  async deploy(...args: readonly string[]): Promise<{ readonly code: number | null; readonly changes: string }> {
    await this.synth();
    await this.must("apply", ...args);
    const { code, stdout } = await this.shell("plan");
    return { code, changes: code === 0 ? "" : stdout };
  }

  terraform(stack: string): Terraform {
    return new Terraform(join(this.outdir, "stacks", stack), this.env);
  }
}
