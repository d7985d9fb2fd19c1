import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { existsSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../support/requirements";
import { run } from "../support/run";
import { pages, shellBlocks, textOf } from "./markdown";

jest.setTimeout(10 * 60_000);

/** A folder with the project, as after `git clone` and `npm ci`: without terraform.tfvars and without an output. */
function cloned(): string {
  const folder = mkdtempSync(join(tmpdir(), "standfast-clone-"));
  for (const name of readdirSync(PROJECT))
    if (!["terraform.tfvars", "cdktf.out", ".git"].includes(name)) symlinkSync(join(PROJECT, name), join(folder, name));
  return folder;
}

/** The commands of a page, in their order, without the installation: that of CI has run. */
const commandsOf = (page: string): string[] =>
  shellBlocks(textOf(page)).flatMap((block) => block.split("\n").filter((line) => line.trim() !== "" && line !== "npm ci"));

describe("docs/try.md", () => {
  const folder = cloned();

  it("has commands that run one after the other in a fresh clone, without an account", async () => {
    const commands = commandsOf("docs/try.md");
    expect(commands.length).toBeGreaterThanOrEqual(4);
    for (const command of commands) {
      const { code, stderr } = await run("bash", ["-c", command], { cwd: folder, env: { ...process.env, CDKTF_OUTDIR: undefined } });
      expect({ command, code, stderr: code === 0 ? "" : stderr }).toEqual({ command, code: 0, stderr: "" });
    }
    for (const file of ["terraform.tfvars", "cdktf.out/stacks/us-east-1/cdk.tf.json", "page.html"])
      expect({ file, exists: existsSync(join(folder, file)) }).toEqual({ file, exists: true });
  });
});

describe("every documented option", () => {
  /** `npm run synth -- --quiet --json` or `scripts/ci/apply.sh --waves`, with the program and each of its options. */
  const used = new Map<string, Set<string>>();
  const helps = new Map<string, string>();
  for (const page of pages())
    for (const [, npm, script, rest = ""] of textOf(page).matchAll(
      /(?:npm run (?:-s )?([a-z][\w:-]*) -- |(scripts\/ci\/[\w-]+\.sh))([^\n`|#&;]*)/g,
    )) {
      const program = npm ?? script ?? "";
      // What follows a lone -- is for Terraform, and what is in quotes for another program.
      const own = (npm === undefined ? (rest.split(/ -- /)[0] ?? "") : rest).replace(/'[^']*'?|"[^"]*"?/g, "");
      const options = used.get(program) ?? new Set<string>();
      for (const [option] of own.matchAll(/(?<=\s|\[|^)--[a-z][\w-]*/g)) options.add(option);
      used.set(program, options);
    }
  const programs = [...used].filter(([, options]) => options.size > 0);

  beforeAll(async () => {
    for (const [program] of programs) {
      const [file, args] = program.startsWith("scripts/") ? [program, ["--help"]] : ["npm", ["run", "-s", program, "--", "--help"]];
      const { stdout, code } = await run(file, args, { cwd: PROJECT, env: process.env });
      expect({ program, code }).toEqual({ program, code: 0 });
      helps.set(program, stdout);
    }
  });

  it("is used by several programs", () => {
    expect(programs.length).toBeGreaterThan(5);
  });

  it.each(programs)("of %s is in its --help", (program, options) => {
    const help = helps.get(program) ?? "";
    expect([...options].filter((option) => !help.includes(option))).toEqual([]);
  });
});
