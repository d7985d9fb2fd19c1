import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { loadConfig } from "../../config/load";
import { platform } from "../../stacks/platform";
import { command } from "../../commands/command";

/** Synthesizes the example configuration as many times as the argument says, each time with another suffix, in one process. */
async function synthesize(count: number): Promise<number> {
  for (let index = 1; index <= count; index++) {
    const outdir = mkdtempSync(join(tmpdir(), "standfast-environment-"));
    try {
      const loaded = await loadConfig(process.cwd(), { ...process.env, ENVIRONMENT_SUFFIX: `bench-${index}` });
      const app = new App({ stackTraces: false, outdir });
      platform(app, loaded);
      app.synth();
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }
  return 0;
}

command(() => synthesize(Number(process.argv[2] ?? 1)));
