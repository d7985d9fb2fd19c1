import { App } from "cdktf";
import { deleteFormerStacks } from "./commands/synth/former-stacks";
import { ArgumentError, HELP, readOptions } from "./commands/synth/options";
import { ConfigError } from "./config/errors";
import { loadConfig } from "./config/load";
import { platform } from "./stacks/platform";

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const loaded = await loadConfig(process.cwd(), process.env);
  if (!options.json) for (const notice of loaded.notices) console.error(`warning: ${notice}`);
  const app = new App({ stackTraces: false });
  const stacks = platform(app, loaded);
  app.synth();
  const names = stacks.map(({ node }) => node.id);
  for (const former of deleteFormerStacks(app.outdir, names))
    if (!options.json && !options.quiet) console.error(`The stack ${former} of an earlier synth is not in this one: its JSON is deleted.`);
  if (options.quiet) return 0;
  // Loaded here, so that --quiet and a rejected input do not wait for it.
  const { summaryOf } = await import("./commands/synth/summary");
  const { text } = await import("./commands/synth/terminal");
  const summary = summaryOf(loaded, names, app.outdir);
  console.log(options.json ? JSON.stringify(summary, undefined, 2) : text(summary, process.stdout.isTTY && !process.env["NO_COLOR"]));
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // Any other error is a fault of this program: its stack trace says where.
    console.error(error instanceof ConfigError || error instanceof ArgumentError ? error.message : error);
    process.exitCode = 1;
  },
);
