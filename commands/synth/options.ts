export const HELP = `Validates terraform.tfvars and writes the Terraform JSON of every stack. Needs no Terraform and no AWS account.

usage: npm run synth [-- --quiet | --json] [-- --help]

  --quiet  print warnings and errors only
  --json   print the summary as JSON: { environment, account, preset, folder, stacks, monthly, recovery, quotas, warnings, next }

environment variables:
  TFVARS_FILE         the input file (default: terraform.tfvars, else terraform.tfvars.example)
  ENVIRONMENT_SUFFIX  replaces environment_suffix, for an environment beside the first
  CDKTF_OUTDIR        the output folder (default: cdktf.out)

exit codes: 0 every stack is written, 1 the input is not valid and nothing is written, or the arguments are wrong`;

export interface Options {
  readonly help: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** An argument that the synth does not have. */
export class ArgumentError extends Error {
  constructor(sentence: string) {
    super(`${sentence} npm run synth -- --help explains the arguments.`);
    this.name = "ArgumentError";
  }
}

/** @throws {ArgumentError} */
export function readOptions(args: readonly string[]): Options {
  const known = ["--help", "-h", "--quiet", "--json"];
  const odd = args.find((arg) => !known.includes(arg));
  if (odd !== undefined) throw new ArgumentError(`${odd} is not an argument of the synth.`);
  const options = { help: args.includes("--help") || args.includes("-h"), quiet: args.includes("--quiet"), json: args.includes("--json") };
  if (options.quiet && options.json) throw new ArgumentError("--quiet and --json exclude each other.");
  return options;
}
