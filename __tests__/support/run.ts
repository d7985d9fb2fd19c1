import { spawn } from "node:child_process";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Sent to the command once its output matches. @default - it runs to its end */
  readonly interrupt?: { readonly signal: NodeJS.Signals; readonly once: RegExp };
}

/** Runs a command to its end and captures its output. */
export function run(command: string, args: readonly string[], { cwd, env, interrupt }: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let interrupted = false;
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (!interrupt || interrupted || !interrupt.once.test(stdout)) return;
      interrupted = true;
      child.kill(interrupt.signal);
    });
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
