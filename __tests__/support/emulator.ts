import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { ApiChecks } from "./api-models";
import { findPythonWithMoto } from "./tools";

/** AWS as far as moto's server and the corrections in `__tests__/emulator/server` go, on a free loopback port. */
export class Emulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly endpoint: string,
  ) {}

  /** Starts it. It ends with this process in every case: it reads its standard input until that closes. */
  static async start(log?: string): Promise<Emulator> {
    const python = findPythonWithMoto();
    if (!python) throw new Error("no Python with moto");
    const server = join(__dirname, "..", "emulator", "server");
    const child = spawn(python, [server, "--port", "0", ...(log ? ["--log", log] : [])], { stdio: ["pipe", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
    const port = await new Promise<number>((resolve, reject) => {
      createInterface(child.stdout).once("line", (line) => {
        resolve((JSON.parse(line) as { port: number }).port);
      });
      child.once("error", reject);
      child.once("exit", (code) => {
        reject(new Error(`the emulator ended with ${code}: ${complaint}`));
      });
    });
    return new Emulator(child, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    // A process that has ended does not end again.
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.stdin?.end();
    this.child.kill("SIGTERM");
    await ended;
  }

  /** Everything that exists, by service, account, region and kind. */
  async inventory(): Promise<Readonly<Record<string, readonly string[]>>> {
    return (await (await fetch(`${this.endpoint}/emu/inventory`)).json()) as Record<string, string[]>;
  }

  /** What the requests so far violate of AWS's API models. */
  async apiChecks(): Promise<ApiChecks> {
    return (await (await fetch(`${this.endpoint}/emu/violations`)).json()) as ApiChecks;
  }

  /** Cuts regions off: every call to their endpoints fails until the list is empty again. */
  async cutOff(...regions: string[]): Promise<void> {
    const answer = await fetch(`${this.endpoint}/emu/unreachable`, { method: "POST", body: JSON.stringify({ regions }) });
    if (!answer.ok) throw new Error(`cutting off ${regions.join(", ")}: ${answer.status}`);
  }
}
