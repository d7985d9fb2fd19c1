import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../support/requirements";
import { run } from "../support/run";

const EXAMPLE = join(PROJECT, "terraform.tfvars.example");
// No profile, no variables and no metadata service: no credentials.
const WITHOUT_CREDENTIALS = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"))),
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: join(tmpdir(), "standfast-no-config"),
  AWS_SHARED_CREDENTIALS_FILE: join(tmpdir(), "standfast-no-credentials"),
};

const start = (name: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  run(process.execPath, ["scripts/run.mjs", `commands/${name}/main.ts`, ...args], { cwd: PROJECT, env });

describe("a command", () => {
  it.each(["verify", "orphans", "bootstrap", "doctor", "cleanup"])(
    "%s says where options belong when it gets an unknown one",
    async (name) => {
      const { code, stderr } = await start(name, ["--jsno"], process.env);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^Unknown option '--jsno'.*Options follow --, as in .* --help explains them\.\n$/s),
      });
    },
  );

  it.each(["verify", "bootstrap"])("%s names the cure when there are no credentials", async (name) => {
    const tfvars = join(mkdtempSync(join(tmpdir(), "standfast-command-")), "own.tfvars");
    writeFileSync(tfvars, readFileSync(EXAMPLE, "utf8"));
    const { code, stderr } = await start(name, [], { ...WITHOUT_CREDENTIALS, TFVARS_FILE: tfvars });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("Set AWS_PROFILE to a profile that exists") });
    expect(stderr).not.toContain("does not exist");
  });
});
