import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { twoRegions } from "../../support/config";
import { FakeEcs } from "../../support/fake-ecs";
import { type Ran, run } from "../../support/run";
import { everyStack } from "../../support/synthesized";

jest.setTimeout(60_000);

const PROJECT = resolve(__dirname, "..", "..", "..");
const PLATFORM = everyStack({ ...twoRegions("warm"), container_image: "registry.bank.test/payments:1.4.0" });
const OLD = "registry.bank.test/payments:1.4.1";
const NEW = "registry.bank.test/payments:1.4.2";

describe("the images that run", () => {
  const outdir = mkdtempSync(join(tmpdir(), "standfast-release-"));
  let ecs: FakeEcs;

  beforeAll(async () => {
    ecs = await FakeEcs.start();
    const names = [...PLATFORM.keys()];
    const stacks = Object.fromEntries(names.map((name, index) => [name, { name, dependencies: names.slice(index - 1, index) }]));
    writeFileSync(join(outdir, "manifest.json"), JSON.stringify({ stacks }));
    for (const [stack, { json }] of PLATFORM) {
      mkdirSync(join(outdir, "stacks", stack), { recursive: true });
      writeFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), JSON.stringify(json));
    }
  });

  beforeEach(() => {
    ecs.error = undefined;
    ecs.images = { "task-test-1:1": OLD, "task-test-1:2": NEW };
  });

  afterAll(() => {
    ecs.stop();
  });

  const release = (...args: string[]): Promise<Ran> =>
    run(process.execPath, ["scripts/run.mjs", "scripts/ci/release.ts", ...args], {
      cwd: PROJECT,
      env: { ...process.env, CDKTF_OUTDIR: outdir, ...ecs.env },
    });
  const service = (region: string, revision: string, rolloutState?: string) => ({
    cluster: `${region}/ecs-test-1`,
    name: "service-test-1",
    revision,
    ...(rolloutState !== undefined && { rolloutState }),
  });

  it("are printed for each region and service", async () => {
    ecs.services = [service("us-east-1", "task-test-1:2"), service("us-west-2", "task-test-1:2")];
    expect(await release()).toEqual({
      code: 0,
      stdout: `  us-east-1  service-test-1  ${NEW}\n  us-west-2  service-test-1  ${NEW}\n`,
      stderr: "",
    });
  });

  it("are those of the task definition that ECS runs, not of the newest one, after a deployment that was rolled back", async () => {
    ecs.services = [service("us-east-1", "task-test-1:1"), service("us-west-2", "task-test-1:2", "IN_PROGRESS")];
    expect((await release()).stdout.split("\n")).toEqual([
      `  us-east-1  service-test-1  ${OLD}, and not the newest revision, which has ${NEW}`,
      `  us-west-2  service-test-1  ${NEW}, whose deployment is IN_PROGRESS`,
      "",
    ]);
  });

  it("are not known before the first deployment of a region, or while its calls fail", async () => {
    ecs.services = [service("us-east-1", "task-test-1:2")];
    expect((await release()).stdout).toContain("  us-west-2  service-test-1  does not exist\n");
    ecs.error = "AccessDeniedException";
    const { code, stdout } = await release();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: ["us-east-1", "us-west-2"]
        .map((region) => `  ${region}  service-test-1  cannot be read (AccessDeniedException: refused)\n`)
        .join(""),
    });
  });

  it("has a help", async () => {
    expect(await release("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("scripts/ci/release.ts") });
  });
});
