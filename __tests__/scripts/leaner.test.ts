import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { CONFIGURATIONS } from "../support/configurations";
import { withoutComments } from "../support/plain-terraform";
import { PROJECT } from "../support/requirements";
import { run } from "../support/run";
import { everyStack } from "../support/synthesized";

jest.setTimeout(5 * 60_000);

// The tests synthesize with cdktf as it is published; scripts/run.mjs leaves out parts of its work.
describe("the JSON that scripts/run.mjs writes is that of cdktf as it is published", () => {
  const folder = mkdtempSync(join(tmpdir(), "standfast-leaner-"));

  beforeAll(async () => {
    const saved = await run(process.execPath, ["scripts/run.mjs", "scripts/compare-synth.ts", "save", folder], {
      cwd: PROJECT,
      env: process.env,
    });
    expect(saved).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ files written/) as unknown });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(Object.keys(CONFIGURATIONS))("for every stack of the configuration %s", (name) => {
    const stacks = everyStack(CONFIGURATIONS[name] ?? {});
    expect(stacks.size).toBeGreaterThan(0);
    for (const [stack, { json }] of stacks) {
      const written: unknown = JSON.parse(readFileSync(join(folder, name, `${stack}.json`), "utf8"));
      // The comments of cdktf name the folder and the version.
      expect({ stack, json: withoutComments(written) }).toEqual({ stack, json: withoutComments(json) });
    }
  });
});
