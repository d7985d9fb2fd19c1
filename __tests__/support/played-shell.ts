import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Ran, run } from "./run";

export const SCRIPTS = resolve(__dirname, "..", "..", "scripts", "ci");

/** A fake Terraform: runs the file of the stack and command as shell, and records the call. */
const PLAYED_TERRAFORM = `#!/usr/bin/env bash
stack=$(basename "\${1#-chdir=}")
shift
echo "$stack $*" >>"$PLAYED/calls"
if [ -f "$PLAYED/$stack.$1" ]; then . "$PLAYED/$stack.$1"; fi
`;
/** Node itself, except for what calls AWS: a file of this name is run as shell, and some calls are recorded. */
const PLAYED_NODE = `#!/usr/bin/env bash
case "$*" in
  *commands/cleanup/main.ts*)
    echo "cleanup \${*:3}" >>"$PLAYED/calls"
    if [ -f "$PLAYED/cleanup" ]; then . "$PLAYED/cleanup"; fi
    ;;
  *commands/verify/main.ts*)
    echo "verify \${*:3}" >>"$PLAYED/calls"
    if [ -f "$PLAYED/verify" ]; then . "$PLAYED/verify"; fi
    ;;
  *scripts/ci/release.ts*) if [ -f "$PLAYED/release" ]; then . "$PLAYED/release"; fi ;;
  *) exec "${process.execPath}" "$@" ;;
esac
`;

/** The scripts of `scripts/ci` with a synth of stacks without resources, a fake Terraform, and no AWS. */
export class PlayedShell {
  /** Output folder of the synth. */
  readonly outdir = mkdtempSync(join(tmpdir(), "standfast-shell-"));
  /** Folder of the fake programs and of what they do. */
  readonly played = join(this.outdir, "played");

  /** @param dependencies of each stack @param removed regions that are removed: their stacks have no resources */
  constructor(dependencies: Readonly<Record<string, readonly string[]>>, removed: readonly string[] = []) {
    mkdirSync(this.played);
    const stacks = Object.fromEntries(Object.entries(dependencies).map(([name, names]) => [name, { name, dependencies: names }]));
    writeFileSync(join(this.outdir, "manifest.json"), JSON.stringify({ stacks }));
    for (const stack of Object.keys(dependencies)) {
      mkdirSync(join(this.outdir, "stacks", stack), { recursive: true });
      const terraform = { backend: { s3: { key: `standfast/pr-42/${stack}.tfstate` } } };
      const json = { terraform, ...(!removed.includes(stack) && { resource: {} }) };
      writeFileSync(join(this.outdir, "stacks", stack, "cdk.tf.json"), JSON.stringify(json));
    }
    for (const [program, text] of Object.entries({ terraform: PLAYED_TERRAFORM, node: PLAYED_NODE })) {
      writeFileSync(join(this.played, program), text);
      chmodSync(join(this.played, program), 0o755);
    }
  }

  /** Defines what the fake Terraform does in a stack, by command, as shell. */
  play(stack: string, commands: Readonly<Record<string, string>>): void {
    for (const [command, text] of Object.entries(commands)) writeFileSync(join(this.played, `${stack}.${command}`), `${text}\n`);
  }

  run(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return run(join(SCRIPTS, `${script}.sh`), args, {
      cwd: tmpdir(),
      env: {
        ...process.env,
        CDKTF_OUTDIR: this.outdir,
        ENVIRONMENT_SUFFIX: "pr-42",
        TERRAFORM_BINARY_NAME: join(this.played, "terraform"),
        PATH: `${this.played}:${process.env["PATH"] ?? ""}`,
        DESTROY_WAIT_SECONDS: "0",
        WAVE_WAIT_SECONDS: "0",
        PLAYED: this.played,
        ...env,
      },
    });
  }

  /** Every recorded call, in their order. */
  calls(): string[] {
    const file = join(this.played, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  /** The stacks in which a command was called, in that order. */
  called(command: string): string[] {
    return this.calls()
      .map((line) => line.split(" "))
      .filter(([, name]) => name === command)
      .map(([stack = ""]) => stack);
  }
}
