import { join } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import { PROJECT } from "../../support/requirements";
import { run } from "../../support/run";

// Each test runs a process, in parallel with all other tests.
jest.setTimeout(60_000);

describe("npm run verify", () => {
  const verify = (...args: string[]) =>
    run(process.execPath, ["scripts/run.mjs", "commands/verify/main.ts", ...args], {
      cwd: PROJECT,
      env: { ...process.env, TFVARS_FILE: join(PROJECT, "terraform.tfvars.example"), AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
    });

  it("prints its usage", async () => {
    const { code, stdout } = await verify("--help");
    expect(stdout).toContain("usage: npm run verify");
    for (const option of ["--region", "--regions-only", "--during-release", "--suffix", "--json"]) expect(stdout).toContain(option);
    expect(code).toBe(0);
  });

  it("rejects unknown options and regions in one sentence, without a call to AWS", async () => {
    expect(await verify("--regions", "us-east-1")).toMatchObject({ code: 1, stdout: "" });
    const { code, stdout, stderr } = await verify("--region", "eu-west-1");
    expect({ code, stdout, stderr: stderr.trim() }).toEqual({
      code: 1,
      stdout: "",
      stderr: "eu-west-1 is not a region of the environment. Its regions are us-east-1, us-west-2.",
    });
  });
});
