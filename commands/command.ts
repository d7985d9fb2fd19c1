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
        console.error(error instanceof Error ? `${error.message}${hint(error)}` : error);
        process.exitCode = 1;
      },
    );
}

/** After an argument that the program does not have. Without `--`, npm keeps the options for itself. */
function hint(error: Error): string {
  const isAboutArguments = "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  return isAboutArguments ? ". Options follow --, as in npm run verify -- --json; --help explains them." : "";
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

/** A command about a deployed environment that reads the example is about an environment that does not exist. */
export function warnOfExample({ isExample }: { readonly isExample: boolean }): void {
  if (isExample) console.error("warning: terraform.tfvars does not exist: this is about the environment of terraform.tfvars.example.");
}
