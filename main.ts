import { App, type TerraformStack } from "cdktf";
import { ConfigError } from "./config/errors";
import { loadConfig } from "./config/load";
import { FailoverStack } from "./stacks/failover-stack";
import { GlobalStack } from "./stacks/global-stack";
import { RegionStack } from "./stacks/region-stack";

async function main(): Promise<void> {
  const { config, given, notices } = await loadConfig(process.cwd(), process.env);
  for (const notice of notices) console.error(`standfast: ${notice}`);
  const app = new App({ stackTraces: false });
  // Deployed from left to right, destroyed from right to left: each joins what is there already.
  const stacks: TerraformStack[] = [
    new GlobalStack(app, { config, given }),
    ...config.regions.map((region) => new RegionStack(app, { config, given, region })),
    new FailoverStack(app, { config, given }),
  ];
  stacks.reduce((before, stack) => {
    stack.addDependency(before);
    return stack;
  });
  app.synth();
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
});
