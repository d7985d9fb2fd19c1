import { App } from "cdktf";
import { ConfigError } from "./config/errors";
import { loadConfig } from "./config/load";
import { platform } from "./stacks/platform";

async function main(): Promise<void> {
  const { config, given, notices } = await loadConfig(process.cwd(), process.env);
  for (const notice of notices) console.error(`standfast: ${notice}`);
  const app = new App({ stackTraces: false });
  platform(app, { config, given });
  app.synth();
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
});
