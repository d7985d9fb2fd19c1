import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { describeSimulated } from "../support/cloud";
import { FIRST_IMAGE, PRIMARY, RegionPair, SMALL, STANDBY, WARM } from "../support/region-pair";
import type { Ran } from "../support/run";

jest.setTimeout(30 * 60 * 1000);

const NEXT_MAJOR = "17.7";

describeSimulated("a release in waves, in two regions", () => {
  let pair: RegionPair;
  const service = (): string => pair.names.of("ecs_service");
  const release = (tag: string, ...args: string[]): Promise<Ran> =>
    pair.pipeline.shell("apply", ["--waves", ...args], { container_image: `registry.bank.test/payments:${tag}` });

  beforeAll(async () => {
    pair = await RegionPair.open("it-w", WARM);
    await pair.pipeline.must("apply");
  });

  afterAll(() => pair.cloud.close());

  it("keeps the former image in the primary region when the standby region does not become stable", async () => {
    const { code, stderr } = await release("broken-1.5.0");
    expect({ code, stopped: stderr.slice(stderr.indexOf("\nStopped at")).trim().split("\n") }).toEqual({
      code: 1,
      stopped: [
        `Stopped at ${STANDBY} (wave 1 of 2): see above.`,
        "  applied:      global",
        `  not started: ${PRIMARY} failover `,
        "Images that run:",
        `  ${PRIMARY}  ${service()}  ${FIRST_IMAGE}`,
        `  ${STANDBY}  ${service()}  ${FIRST_IMAGE}, and not the newest revision, which has registry.bank.test/payments:broken-1.5.0`,
        `The primary region, ${PRIMARY}, still runs the former release.`,
        "Correct the cause, then run: scripts/ci/apply.sh --waves",
        "To go back, run it with the values or the commit of the former release: it changes only the regions that have the new one.",
      ],
    });
    expect(stderr.replaceAll(/[\s│]+/g, " ")).toContain(`The deployment of ${service()} failed, and ECS rolled it back`);
  });

  it("keeps the former image in the primary region when the check of the standby region fails", async () => {
    const { code, stderr } = await release("1.5.1", "--check", "test $REGION != us-west-2");
    expect(code).toBe(1);
    expect(stderr).toContain(`Stopped at ${STANDBY} (wave 1 of 2): it is applied, and its check failed: see above.\n`);
    expect(stderr).toContain(`  ${PRIMARY}  ${service()}  ${FIRST_IMAGE}\n  ${STANDBY}  ${service()}  registry.bank.test/payments:1.5.1\n`);
  });

  it("runs the new image in both regions after the verification of each, the standby region first", async () => {
    const { code, stderr } = await release("1.5.1");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(
      [...stderr.matchAll(/^== (?:apply|check) .*|^\d+ of \d+ checks pass\.$/gm)].map(([line]) => line.replace(/^\d+ of \d+/, "all")),
    ).toEqual([
      "== apply global (1 of 4)",
      ...[`== apply ${STANDBY} (2 of 4) (wave 1 of 2)`, `== check ${STANDBY} (wave 1 of 2)`, "all checks pass."],
      ...[`== apply ${PRIMARY} (3 of 4) (wave 2 of 2)`, `== check ${PRIMARY} (wave 2 of 2)`, "all checks pass."],
      "== apply failover (4 of 4)",
    ]);
    for (const region of [PRIMARY, STANDBY]) expect(stderr).toContain(`  ${region}  ${service()}  registry.bank.test/payments:1.5.1\n`);
  });

  it("is followed by a new major version in both regions by one deploy, with the parameter groups of this version", async () => {
    const dataOf = await pair.resourceId();
    await pair.deploy({ ...WARM, database: { ...SMALL.database, engine_version: NEXT_MAJOR } });
    for (const region of [PRIMARY, STANDBY])
      expect(await pair.cluster(region)).toMatchObject({
        EngineVersion: NEXT_MAJOR,
        DBClusterParameterGroup: expect.stringMatching(/^cluster-parameters-.*17/) as unknown,
      });
    expect(await pair.resourceId()).toBe(dataOf);
  });

  it("can be destroyed to nothing while the roles are swapped", async () => {
    await pair.switchTo(STANDBY);
    const text = await pair.pipeline.must("destroy");
    expect(text).toContain(`${STANDBY} is the last region that is destroyed.`);
    expect(text).toContain(`Destroyed: failover ${PRIMARY} ${STANDBY} global`);
    expect(await pair.cloud.leftovers()).toEqual([]);
  });
});
