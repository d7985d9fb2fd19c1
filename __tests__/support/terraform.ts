import { run, type Ran } from "./run";
import { findProviderMirror, findTerraform } from "./tools";

/** Terraform in one folder, as a user's shell would run it. */
export class Terraform {
  private readonly binary: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    readonly folder: string,
    env: NodeJS.ProcessEnv,
  ) {
    const binary = findTerraform();
    if (!binary) throw new Error("no terraform");
    this.binary = binary;
    // A machine's own CLI configuration, or a hint that it has none, has no part in a test.
    this.env = { ...env, TF_CLI_CONFIG_FILE: undefined, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
  }

  /** The same Terraform in another folder. */
  in(folder: string): Terraform {
    return new Terraform(folder, this.env);
  }

  /** The schemas of the providers, as `terraform providers schema` prints them. */
  async schemas(): Promise<string> {
    const { code, stdout, stderr } = await run(this.binary, ["providers", "schema", "-json"], { cwd: this.folder, env: this.env });
    if (code !== 0) throw new Error(`terraform providers schema ended with ${code}:\n${stderr}`);
    return stdout;
  }

  init(...args: string[]): Promise<Ran> {
    const mirror = findProviderMirror();
    return this.must("init", "-input=false", ...(mirror ? [`-plugin-dir=${mirror}`] : []), ...args);
  }

  validate(): Promise<Ran> {
    return this.must("validate");
  }

  /** Whether anything would change. */
  async planHasChanges(...args: string[]): Promise<{ changes: boolean; text: string }> {
    const { code, stdout, stderr } = await this.run("plan", "-input=false", "-detailed-exitcode", ...PARALLEL, ...args);
    if (code !== 0 && code !== 2) throw new Error(`terraform plan ended with ${code}:\n${stderr}`);
    return { changes: code === 2, text: stdout };
  }

  /** What a plan would change, compared with the state as it is. */
  async plannedChanges(): Promise<readonly PlannedChange[]> {
    const file = "changes.tfplan";
    await this.must("plan", "-input=false", "-refresh=false", `-out=${file}`, ...PARALLEL);
    const { resource_changes: changes = [] } = await this.show(file);
    return changes.filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "no-op");
  }

  apply(...args: string[]): Promise<Ran> {
    return this.must("apply", "-input=false", "-auto-approve", ...PARALLEL, ...args);
  }

  destroy(...args: string[]): Promise<Ran> {
    return this.must("destroy", "-input=false", "-auto-approve", ...PARALLEL, ...args);
  }

  /** The state, or a saved plan, as Terraform shows it to programs. */
  async show(...args: string[]): Promise<Shown> {
    const { stdout } = await this.must("show", "-json", ...args);
    return JSON.parse(stdout) as Shown;
  }

  /** A command on the state itself, e.g. `pull`. */
  async state(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(this.binary, ["state", ...args], { cwd: this.folder, env: this.env });
    if (code !== 0) throw new Error(`terraform state ${args.join(" ")} ended with ${code}:\n${stderr}`);
    return stdout;
  }

  /** A command that may fail. */
  run(command: string, ...args: string[]): Promise<Ran> {
    return run(this.binary, [command, "-no-color", ...args], { cwd: this.folder, env: this.env });
  }

  /** A command that gets a signal in the middle of its work. */
  interrupt(signal: "SIGINT" | "SIGKILL", once: RegExp, command: string, ...args: string[]): Promise<Ran> {
    return run(this.binary, [command, "-no-color", ...args], { cwd: this.folder, env: this.env, interrupt: { signal, once } });
  }

  private async must(command: string, ...args: string[]): Promise<Ran> {
    const ran = await this.run(command, ...args);
    if (ran.code !== 0) throw new Error(`terraform ${command} ended with ${ran.code}:\n${ran.stderr}`);
    return ran;
  }
}

/** Most of the time is spent waiting for AWS or the emulator. */
const PARALLEL = ["-parallelism=40"];

export interface ShownResource {
  readonly address: string;
  readonly type: string;
  readonly mode: "managed" | "data";
  readonly values: Readonly<Record<string, unknown>>;
}

type Attributes = Readonly<Record<string, unknown>>;

export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly mode: "managed" | "data";
  /** `["delete", "create"]` and `["create", "delete"]` are replacements. */
  readonly change: { readonly actions: readonly string[]; readonly before: Attributes | null; readonly after: Attributes | null };
}

export interface Shown {
  readonly resource_changes?: readonly PlannedChange[];
  readonly planned_values?: { readonly root_module: { readonly resources?: readonly ShownResource[] } };
  readonly values?: { readonly root_module: { readonly resources?: readonly ShownResource[] } };
}
