import { join } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import { PROJECT } from "../../support/requirements";
import { run } from "../../support/run";

// Each test runs a process, in parallel with all other tests.
jest.setTimeout(60_000);

describe("npm run doctor", () => {
  const doctor = (...args: string[]) =>
    run(process.execPath, ["scripts/run.mjs", "commands/doctor/main.ts", ...args], {
      cwd: PROJECT,
      env: {
        ...process.env,
        TFVARS_FILE: join(PROJECT, "terraform.tfvars.example"),
        AWS_ENDPOINT_URL: "http://127.0.0.1:9",
        AWS_ACCESS_KEY_ID: "none",
        AWS_SECRET_ACCESS_KEY: "none",
      },
    });

  it("prints its usage", async () => {
    const { code, stdout } = await doctor("--help");
    expect(code).toBe(0);
    for (const option of ["usage: npm run doctor", "--region", "--json"]) expect(stdout).toContain(option);
  });

  it("rejects unknown options and regions in one sentence", async () => {
    expect(await doctor("--regions", "us-east-1")).toMatchObject({ code: 1, stdout: "" });
    expect(await doctor("--region", "eu-west-1")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("eu-west-1 is not a region of the environment. Its regions are us-east-1, us-west-2."),
    });
  });

  it("examines the machine first, and asks AWS nothing more without valid credentials", async () => {
    const { code, stdout } = await doctor("--json");
    expect(code).toBe(3);
    const findings = JSON.parse(stdout) as { scope: string; need: string; result: string }[];
    expect(findings.map(({ scope }) => scope)).toEqual(["machine", "machine", "machine"]);
    expect(findings[2]).toMatchObject({ need: "Credentials of the account 123456789012", result: "problem" });
  });
});
