import { describe, expect, it } from "@jest/globals";
import { HELP, readOptions } from "../../../commands/synth/options";

describe("the arguments of the synth", () => {
  it("are all explained by --help", () => {
    for (const argument of ["--help", "--quiet", "--json"]) expect(HELP).toContain(argument);
  });

  it.each([
    [[], { help: false, quiet: false, json: false }],
    [["--quiet"], { help: false, quiet: true, json: false }],
    [["--json"], { help: false, quiet: false, json: true }],
    [["-h"], { help: true, quiet: false, json: false }],
  ])("%j", (args, options) => {
    expect(readOptions(args)).toEqual(options);
  });

  it.each([
    [["--quite"], "--quite is not an argument of the synth. npm run synth -- --help explains the arguments."],
    [["us-east-1"], "us-east-1 is not an argument of the synth."],
    [["--quiet", "--json"], "--quiet and --json exclude each other."],
  ])("%j is an error that names the argument", (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
