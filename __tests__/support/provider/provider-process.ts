import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findProviderMirror, findTerraform } from "../tools";

const { cdktf } = JSON.parse(readFileSync(require.resolve("@cdktf/provider-aws/package.json"), "utf8")) as {
  cdktf: { provider: { name: string; version: string } };
};
/** The provider's address in Terraform. */
export const ADDRESS = cdktf.provider.name;
/** A provider that is started with `-debug` prints its socket in the form of TF_REATTACH_PROVIDERS. */
const REATTACH = /TF_REATTACH_PROVIDERS='(.+)'/;
/** Ends the provider when the standard input closes: it never outlives the process that started it. */
const UNTIL_STDIN_CLOSES = '"$0" -debug & provider=$!; cat >/dev/null; kill "$provider"';

/** The program of the provider that Terraform finds in a mirror, or downloads. */
export function findProviderProgram(): string {
  const folder = mkdtempSync(join(tmpdir(), "standfast-provider-"));
  const aws = { source: ADDRESS, version: cdktf.provider.version };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: { aws } } }));
  const mirror = findProviderMirror();
  execFileSync(findTerraform() ?? "terraform", ["init", "-input=false", ...(mirror ? [`-plugin-dir=${mirror}`] : [])], {
    cwd: folder,
    env: { ...process.env, TF_CLI_CONFIG_FILE: undefined, CHECKPOINT_DISABLE: "1" },
    stdio: "ignore",
  });
  const installed = join(folder, ".terraform", "providers", ADDRESS);
  const program = readdirSync(installed, { recursive: true, encoding: "utf8" }).find((file) =>
    /\/terraform-provider-aws_[^/]+$/.test(file),
  );
  if (!program) throw new Error(`no provider in ${installed}`);
  return join(installed, program);
}

/** A provider that runs on after the Terraform that uses it. */
export class ProviderProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly socket: string,
  ) {}

  static async start(program: string, cwd: string, env: NodeJS.ProcessEnv): Promise<ProviderProcess> {
    const child = spawn("sh", ["-c", UNTIL_STDIN_CLOSES, program], { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
    for await (const line of createInterface(child.stdout)) {
      const [, reattach] = REATTACH.exec(line) ?? [];
      if (reattach === undefined) continue;
      // What it prints later is read and dropped, or its pipe would fill.
      child.stdout.resume();
      const { [ADDRESS]: provider } = JSON.parse(reattach) as Record<string, { Addr: { String: string } }>;
      return new ProviderProcess(child, provider?.Addr.String ?? "");
    }
    throw new Error(`${program} ended before it listened`);
  }

  /** A connection of its own, as gRPC's clients make it. */
  connect(): ClientHttp2Session {
    const socket = connect(this.socket);
    const session = connectHttp2("http://localhost", { createConnection: () => socket });
    // An error ends the streams, which report it. The socket can have one after its session has ended, when the process ends.
    for (const each of [socket, session]) each.on("error", () => undefined);
    return session;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.stdin?.end();
    await ended;
  }
}
