import { parseArgs } from "node:util";

/** Runs a command line program. Its result is the exit code; an error prints its message and exits with code 1. */
export function command(main: () => number | Promise<number>): void {
  Promise.resolve()
    .then(main)
    .then(
      (code) => {
        process.exitCode = code;
      },
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
      },
    );
}

/** Runs a command that writes files and has no option but `--help`. */
export function writer(help: string, write: () => void): void {
  command(() => {
    const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
    if (values.help) console.log(help);
    else write();
    return 0;
  });
}
