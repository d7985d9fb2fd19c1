import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { describe, it } from "@jest/globals";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseHcl } from "../../config/parse-hcl";
import type { Config } from "../../config/config";
import { loadConfig } from "../../config/load";
import { mergeTrees } from "../../config/paths";
import type { Finding } from "../../commands/doctor/finding";
import type { Result } from "../../commands/verify/check";
import { requireValidRequests } from "./api-models";
import { Emulator } from "./emulator";
import { MINIMAL } from "./config";
import { type Operation, operationsIn } from "./operations";
import { Pipeline } from "./pipeline";
import { KeptProvider } from "./provider/kept-provider";
import { run } from "./run";
import { step } from "./progress";
import { Terraform } from "./terraform";
import { findProviderMirror, findPythonWithMoto, findTerraform, terraformMinor } from "./tools";

const PROJECT = resolve(__dirname, "..", "..");
const REAL = process.env["EMULATOR"] === "off";

/**
 * The tools that a run needs and that are missing, or undefined. In CI missing tools are an error: tests there are never skipped.
 */
function missingTools(): string | undefined {
  const tools = [
    findTerraform() ? undefined : "Terraform 1.5 or newer on PATH (or its path in TERRAFORM_BINARY_NAME)",
    REAL || findPythonWithMoto() ? undefined : "Python 3 with moto 5.2.1 and its server (pip install 'moto[server]==5.2.1')",
  ].filter((tool) => tool !== undefined);
  if (tools.length === 0) return undefined;
  const sentence = `Real apply and destroy need ${tools.join(" and ")}.`;
  if (process.env["CI"]) throw new Error(sentence);
  process.stderr.write(`SKIPPED: ${sentence}\n`);
  return sentence;
}

type CdktfCommand = "deploy" | "diff" | "output" | "destroy";

const PARALLEL = ["--terraform-parallelism", "40"];
/** Options that approve without a prompt, and increase the parallelism. */
const CDKTF_OPTIONS: Readonly<Record<CdktfCommand, readonly string[]>> = {
  deploy: ["--auto-approve", ...PARALLEL],
  diff: PARALLEL,
  output: [],
  destroy: ["--auto-approve", ...PARALLEL],
};

const missing = missingTools();

/** First Terraform with write-only arguments, which the password of a global database needs. */
const GLOBAL_MINOR = 11;
const minor = terraformMinor();
if (!missing && minor < GLOBAL_MINOR) {
  const sentence = `Two regions need Terraform 1.${GLOBAL_MINOR} or newer; this is 1.${minor}.`;
  if (process.env["CI"]) throw new Error(sentence);
  process.stderr.write(`SKIPPED: ${sentence}\n`);
}

/** Keys of `terraform.tfvars` with which the installed Terraform can deploy one region. */
export const SUITED_TO_TERRAFORM = {
  terraform_version: `1.${Math.min(minor, GLOBAL_MINOR)}`,
  ...(minor < GLOBAL_MINOR && { database: { rewind: false } }),
};

/** Tests that deploy one region. Skipped with a message where Terraform or the emulator is missing. */
export const describeDeployed = missing ? describe.skip : describe;

/** Tests that deploy what needs the newest of Terraform: the default of two regions, and the presets. */
export const describeGlobal = missing || minor < GLOBAL_MINOR ? describe.skip : describe;

/** Tests of what only a stand-in can play: a lost region, a switchover in no time. Skipped on a real account. */
export const describeSimulated = REAL || missing || minor < GLOBAL_MINOR ? describe.skip : describe;

/** A test of what takes hours on a real account, and is asked for every few milliseconds here. */
export const itSimulated = REAL ? it.skip : it;

/**
 * Terraform and the provider, which are Go programs, collect garbage when their memory has grown by this many percent. It saves a
 * fifth of the processor time of `terraform validate`. @default 100
 */
const FEWER_COLLECTIONS = "400";

/** Writes the file of the environment with values over its own. */
type Write = (values: Readonly<Record<string, unknown>>) => Promise<Config>;

/**
 * Where a test deploys to: the emulator, or with `EMULATOR=off` the account of the credentials in the environment, as
 * the `terraform.tfvars` that `TFVARS_FILE` names describes it. Nothing else differs.
 */
export class Cloud {
  /** What existed before the test. */
  private baseline: Readonly<Record<string, readonly string[]>> = {};
  /** Where the last synth went. */
  private outdir = "cdktf.out";

  private constructor(
    private current: Config,
    private readonly write: Write,
    readonly tfvars: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly emulator: Emulator | undefined,
    private readonly log: string | undefined,
    private readonly provider: KeptProvider | undefined,
  ) {}

  /**
   * @param overrides keys of `terraform.tfvars`, over the existing ones: the minimal configuration, or the real file
   * @param keepsProvider false: each command of Terraform starts its own providers, as on a user's machine, which is slower
   */
  static async open(suffix: string, overrides: Readonly<Record<string, unknown>> = {}, { keepsProvider = true } = {}): Promise<Cloud> {
    const folder = mkdtempSync(join(tmpdir(), "standfast-cloud-"));
    const tfvars = join(folder, "terraform.tfvars");
    const writeOver =
      (base: Readonly<Record<string, unknown>>): Write =>
      async (values) => {
        writeFileSync(tfvars, asHcl({ ...mergeTrees(base, values), environment_suffix: suffix }));
        return (await loadConfig(PROJECT, { TFVARS_FILE: tfvars })).config;
      };
    if (REAL) {
      const named = process.env["TFVARS_FILE"];
      if (!named) throw new Error("EMULATOR=off deploys what TFVARS_FILE describes: name a file.");
      const write = writeOver(await parseHcl(PROJECT, readFileSync(named, "utf8")));
      return new Cloud(await write(overrides), write, tfvars, process.env, undefined, undefined, undefined);
    }
    const log = join(folder, "requests.log");
    const emulator = await Emulator.start(log);
    const access = { AWS_ENDPOINT_URL: emulator.endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    // The SDK clients of this process use the same endpoint.
    Object.assign(process.env, access);
    const zone = await new Route53Client({ region: "us-east-1" }).send(
      new CreateHostedZoneCommand({ Name: MINIMAL.dns.zone_name, CallerReference: suffix }),
    );
    const write = writeOver({ ...MINIMAL, dns: { ...MINIMAL.dns, zone_id: zone.HostedZone?.Id?.split("/").at(-1) } });
    // S3 Control puts the account before the host, a name that does not resolve: as a proxy, the emulator receives it anyway.
    const env = { ...process.env, ...access, HTTP_PROXY: emulator.endpoint, GOGC: FEWER_COLLECTIONS };
    const provider = keepsProvider ? await KeptProvider.start(env) : undefined;
    return new Cloud(await write(overrides), write, tfvars, { ...env, ...provider?.environment }, emulator, log, provider);
  }

  get config(): Config {
    return this.current;
  }

  /** Changes the values of the file. What is deployed stays as it is until the next synth and apply. */
  async change(overrides: Readonly<Record<string, unknown>>): Promise<void> {
    this.current = await this.write(overrides);
  }

  /** Makes the state buckets, as a user would. What exists from here on is the test's own. */
  async bootstrap(): Promise<void> {
    await this.script("state buckets", "commands/bootstrap/main.ts");
    this.baseline = this.emulator ? await this.emulator.inventory() : {};
  }

  /** Synthesizes into a fresh folder and returns Terraform in each stack's own, by the stack's name. */
  async synth(): Promise<(stack: string) => Terraform> {
    const outdir = mkdtempSync(join(tmpdir(), "standfast-synth-"));
    this.outdir = outdir;
    await this.script("synth", "main.ts", { CDKTF_OUTDIR: outdir });
    this.provider?.addAssets(outdir);
    return (stack) => this.terraformIn(outdir, stack);
  }

  /** An environment of the same account, zone and file as this one, under a suffix of its own. */
  pipeline(suffix: string): Pipeline {
    return new Pipeline(PROJECT, suffix, { ...this.env, TFVARS_FILE: this.tfvars }, this.provider);
  }

  /** Terraform in the folder of a stack that `cdktf` has synthesized. */
  terraformIn(outdir: string, stack: string): Terraform {
    return new Terraform(join(outdir, "stacks", stack), this.env);
  }

  /** Runs the cdktf command line as a user would, in the project. @param args stacks, and options of the command */
  async cdktf(command: CdktfCommand, outdir: string, ...args: string[]): Promise<string> {
    const mirror = findProviderMirror();
    // Locking requests the registry itself, even if there is a mirror.
    const offline = mirror ? ["--skip-provider-lock"] : [];
    const { code, stdout, stderr } = await step(`cdktf ${command} ${args.join(" ")}`, () =>
      run("npx", ["cdktf", command, ...args, ...CDKTF_OPTIONS[command], "--output", outdir, ...offline], {
        cwd: PROJECT,
        env: {
          ...this.env,
          TFVARS_FILE: this.tfvars,
          TF_CLI_CONFIG_FILE: undefined,
          CHECKPOINT_DISABLE: "1",
          ...(mirror && { TF_CLI_ARGS_init: `-plugin-dir=${mirror}` }),
        },
      }),
    );
    if (code !== 0) throw new Error(`cdktf ${command} ended with ${code}:\n${stderr}\n${stdout.slice(-4000)}`);
    return withoutControls(stdout);
  }

  /** What exists under a suffix and is in no state, as `npm run orphans` finds it. @default the test's own suffix */
  async orphans(suffix?: string): Promise<readonly { readonly arn: string; readonly import?: string; readonly remove: string }[]> {
    const args = ["scripts/run.mjs", "commands/orphans/main.ts", "--json", ...(suffix === undefined ? [] : ["--suffix", suffix])];
    const { code, stdout, stderr } = await run(process.execPath, args, {
      cwd: PROJECT,
      env: { ...this.env, TFVARS_FILE: this.tfvars, CDKTF_OUTDIR: this.outdir },
    });
    if (code !== 0 && code !== 3) throw new Error(`orphans ended with ${code}:\n${stderr}`);
    return JSON.parse(stdout) as { arn: string; import?: string; remove: string }[];
  }

  /** The results of `npm run verify` for the environment. */
  async verify(...args: string[]): Promise<{ readonly code: number | null; readonly results: readonly Result[] }> {
    const { code, stdout, stderr } = await step("verify", () =>
      run(process.execPath, ["scripts/run.mjs", "commands/verify/main.ts", "--json", ...args], {
        cwd: PROJECT,
        env: { ...this.env, TFVARS_FILE: this.tfvars },
      }),
    );
    if (!stdout.startsWith("[")) throw new Error(`verify ended with ${code}:\n${stderr}\n${stdout}`);
    return { code, results: JSON.parse(stdout) as Result[] };
  }

  /** The findings of `npm run doctor` for the environment. */
  async doctor(): Promise<readonly Finding[]> {
    const { code, stdout, stderr } = await run(process.execPath, ["scripts/run.mjs", "commands/doctor/main.ts", "--json"], {
      cwd: PROJECT,
      env: { ...this.env, TFVARS_FILE: this.tfvars },
    });
    if (!stdout.startsWith("[")) throw new Error(`doctor ended with ${code}:\n${stderr}\n${stdout}`);
    return JSON.parse(stdout) as Finding[];
  }

  /** What the test has left behind. Empty if everything is deleted. The emulator also reports what no search finds. */
  async leftovers(): Promise<readonly string[]> {
    const orphans = (await this.orphans()).map(({ arn }) => arn);
    return this.emulator ? [...orphans, ...difference(this.baseline, await this.emulator.inventory())] : orphans;
  }

  /** The operations that Terraform has called so far. Empty on a real account, which has no log that could be read immediately. */
  operations(): readonly Operation[] {
    return this.log === undefined ? [] : operationsIn(this.log);
  }

  /** Makes every call to the regions' endpoints fail, until called without any. The global services go on. */
  async cutOff(...regions: string[]): Promise<void> {
    if (!this.emulator) throw new Error("a real region cannot be cut off");
    await this.emulator.cutOff(...regions);
  }

  /** Ends the emulator. Fails if one of all requests since its start violates AWS's API models. */
  async close(): Promise<void> {
    if (!this.emulator) return;
    await this.provider?.stop();
    const checks = await this.emulator.apiChecks().finally(() => this.emulator?.stop());
    requireValidRequests(checks);
  }

  private async script(what: string, file: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const { code, stderr, stdout } = await step(what, () =>
      run(process.execPath, ["scripts/run.mjs", file], { cwd: PROJECT, env: { ...this.env, TFVARS_FILE: this.tfvars, ...env } }),
    );
    if (code !== 0) throw new Error(`${file} ended with ${code}:\n${stderr}\n${stdout}`);
  }
}

/** A text without the colours and movements of a terminal. */
function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/\x1b\[[0-9;]*[A-Za-z]/g, "");
}

function difference(before: Readonly<Record<string, readonly string[]>>, after: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(after).flatMap(([place, items]) =>
    items.filter((item) => !before[place]?.includes(item)).map((item) => `${place}: ${item}`),
  );
}

/** JSON values are valid HCL values; only the top level must be assignments. */
function asHcl(content: Readonly<Record<string, unknown>>): string {
  return Object.entries(content)
    .map(
      ([key, value]) =>
        `${key} = ${JSON.stringify(value)
          .replaceAll("${", () => "$${")
          .replaceAll("%{", "%%{")}`,
    )
    .join("\n");
}
