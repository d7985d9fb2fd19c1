import { describe, expect, it, jest } from "@jest/globals";
import { type BackupObjective, type Backups, check, type RecoveryPoint } from "../../../modules/runbooks/check-backups/check";

const NOW = new Date("2026-11-21T12:00:00Z");
const HOUR = 3_600_000;
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);

const YEAR = 365 * 24;

const DATABASE = "arn:aws:rds:us-east-1:123456789012:cluster:aurora-pr-42-us-east-1";
const BUCKET = "arn:aws:s3:::bucket-transactions-pr-42-123456789012-us-east-1";
const OBJECTIVES: readonly BackupObjective[] = [[{ resourceArn: DATABASE, maxAgeHours: 8 }]];

const point = (arn: string, changes: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  arn,
  status: "COMPLETED",
  createdAt: hoursAgo(2),
  encrypted: true,
  ...changes,
});

/** A vault with these recovery points for every resource, as AWS Backup reports it. */
const vault = (points: readonly RecoveryPoint[], more: Partial<Backups> = {}): Backups => ({
  vaultCreatedAt: () => Promise.resolve(hoursAgo(YEAR)),
  recoveryPoints: (_, since) => Promise.resolve(points.filter(({ createdAt }) => createdAt >= since)),
  restoreMetadata: () => Promise.resolve({ EngineMode: "provisioned" }),
  completedRestoreTests: () => Promise.resolve(1),
  ...more,
});

describe("backup objectives are met", () => {
  it.each<[string, readonly RecoveryPoint[]]>([
    ["by a backup that is complete, recent and encrypted", [point("new")]],
    ["by a continuous backup in progress", [point("new", { status: "AVAILABLE" })]],
    ["by a backup of exactly the maximum age", [point("new", { createdAt: hoursAgo(8) })]],
    ["with an older backup that is not encrypted", [point("old", { createdAt: hoursAgo(3), encrypted: false }), point("new")]],
    ["with a backup in progress and a complete one", [point("new", { status: "CREATING", createdAt: hoursAgo(0) }), point("old")]],
    [
      "with a newest backup that is partial, and a complete one before it",
      [point("new", { status: "PARTIAL", createdAt: hoursAgo(0), encrypted: false }), point("old")],
    ],
  ])("%s", async (_, points) => {
    expect(await check(OBJECTIVES, vault(points), NOW)).toEqual([]);
  });

  describe("for a database of two regions", () => {
    const STANDBY = "arn:aws:rds:us-west-2:123456789012:cluster:aurora-pr-42-us-west-2";
    /** As in the vault of the primary region: backups of its own cluster, and copies of those of the other. */
    const objectives: readonly BackupObjective[] = [
      [
        { resourceArn: DATABASE, maxAgeHours: 8 },
        { resourceArn: STANDBY, maxAgeHours: 50 },
      ],
    ];
    const backedUp = (points: Readonly<Record<string, RecoveryPoint>>) =>
      vault([], {
        recoveryPoints: (arn, since) => Promise.resolve([points[arn] ?? []].flat().filter(({ createdAt }) => createdAt >= since)),
      });

    it.each<[string, Readonly<Record<string, RecoveryPoint>>]>([
      ["of the cluster in the primary region", { [DATABASE]: point("new") }],
      ["of the cluster in the standby region", { [STANDBY]: point("new") }],
      ["of that cluster whose copy took a day", { [STANDBY]: point("copy", { createdAt: hoursAgo(50) }) }],
      [
        "of the former writer, and a newer one of the writer",
        { [DATABASE]: point("old", { encrypted: false }), [STANDBY]: point("new", { createdAt: hoursAgo(1) }) },
      ],
    ])("by a backup %s", async (_, points) => {
      expect(await check(objectives, backedUp(points), NOW)).toEqual([]);
    });

    it("unless no cluster has a recent backup, or the newest of all is not encrypted", async () => {
      expect(await check(objectives, backedUp({ [DATABASE]: point("old", { createdAt: hoursAgo(9) }) }), NOW)).toEqual([
        `${DATABASE} has no backup younger than 8 h, and ${STANDBY} has no backup younger than 50 h.`,
      ]);
      expect(await check(objectives, backedUp({ [STANDBY]: point("old", { createdAt: hoursAgo(51) }) }), NOW)).toHaveLength(1);
      const newest = point("new", { createdAt: hoursAgo(1), encrypted: false });
      expect(await check(objectives, backedUp({ [DATABASE]: point("old"), [STANDBY]: newest }), NOW)).toEqual(["new is not encrypted."]);
    });
  });

  it("without a backup, only while the vault is younger than the maximum age of a backup", async () => {
    const createdBefore = (hours: number) => ({ vaultCreatedAt: () => Promise.resolve(hoursAgo(hours)) });
    expect(await check(OBJECTIVES, vault([], createdBefore(7.9)), NOW)).toEqual([]);
    expect(await check(OBJECTIVES, vault([], createdBefore(8)), NOW)).toEqual([`${DATABASE} has no backup younger than 8 h.`]);
  });

  it("without a restore test, only while the vault is younger than the maximum age of a test", async () => {
    const tested = (days: number) => ({
      vaultCreatedAt: () => Promise.resolve(hoursAgo(days * 24)),
      completedRestoreTests: () => Promise.resolve(0),
    });
    expect(await check(OBJECTIVES, vault([point("new")], tested(7.9)), NOW)).toEqual([]);
    expect(await check(OBJECTIVES, vault([point("new")], tested(8)), NOW)).toEqual(["No restore test has succeeded in the last 8 days."]);
  });

  it("when there are none", async () => {
    expect(await check([], vault([]), NOW)).toEqual([]);
  });
});

describe("backup objectives are not met", () => {
  const NONE = [`${DATABASE} has no backup younger than 8 h.`];

  it.each<[string, readonly RecoveryPoint[], readonly string[]]>([
    ["without a backup", [], NONE],
    ["by a backup that is one second too old", [point("old", { createdAt: new Date(hoursAgo(8).getTime() - 1000) })], NONE],
    ["by an expired backup", [point("new", { status: "EXPIRED" })], NONE],
    ["by a partial backup", [point("new", { status: "PARTIAL" })], NONE],
    ["by a backup in progress", [point("new", { status: "CREATING" })], NONE],
    ["by a backup that is being deleted", [point("new", { status: "DELETING" })], NONE],
    ["by a continuous backup that was stopped", [point("new", { status: "STOPPED" })], NONE],
    ["by a backup without a status", [point("new", { status: "" })], NONE],
    ["by a backup that is not encrypted", [point("new", { encrypted: false })], ["new is not encrypted."]],
    [
      "when the newest backup is not encrypted, in any order of the list",
      [point("old", { createdAt: hoursAgo(5) }), point("new", { encrypted: false }), point("middle", { createdAt: hoursAgo(4) })],
      ["new is not encrypted."],
    ],
  ])("%s", async (_, points, problems) => {
    expect(await check(OBJECTIVES, vault(points), NOW)).toEqual(problems);
  });

  it("when AWS Backup returns no restore metadata for the newest backup", async () => {
    const restoreMetadata = jest.fn<Backups["restoreMetadata"]>().mockResolvedValue({});
    const points = [point("old", { createdAt: hoursAgo(5) }), point("new")];
    expect(await check(OBJECTIVES, vault(points, { restoreMetadata }), NOW)).toEqual([
      "new cannot be restored: AWS Backup returned no restore metadata.",
    ]);
    expect(restoreMetadata.mock.calls).toEqual([["new"]]);
  });

  it("with all problems of all resources in one result, each by its own maximum age", async () => {
    const objectives = [...OBJECTIVES, [{ resourceArn: BUCKET, maxAgeHours: 26 }], [{ resourceArn: "arn:fine", maxAgeHours: 26 }]];
    const recoveryPoints: Backups["recoveryPoints"] = (arn, since) =>
      Promise.resolve([point(arn, { createdAt: hoursAgo(20), encrypted: arn !== BUCKET })].filter(({ createdAt }) => createdAt >= since));
    expect(await check(objectives, vault([], { recoveryPoints, completedRestoreTests: () => Promise.resolve(0) }), NOW)).toEqual([
      `${DATABASE} has no backup younger than 8 h.`,
      `${BUCKET} is not encrypted.`,
      "No restore test has succeeded in the last 8 days.",
    ]);
  });
});

describe("restore tests", () => {
  it.each<[string, number | undefined, readonly string[]]>([
    ["one has succeeded", 1, []],
    ["several have succeeded", 3, []],
    ["there is no restore testing plan", undefined, []],
    ["none has succeeded", 0, ["No restore test has succeeded in the last 8 days."]],
  ])("are checked: %s", async (_, tests, problems) => {
    expect(await check(OBJECTIVES, vault([point("new")], { completedRestoreTests: () => Promise.resolve(tests) }), NOW)).toEqual(problems);
  });

  it("are counted for the last eight days, once for all resources", async () => {
    const completedRestoreTests = jest.fn<Backups["completedRestoreTests"]>().mockResolvedValue(1);
    await check([...OBJECTIVES, [{ resourceArn: BUCKET, maxAgeHours: 8 }]], vault([point("new")], { completedRestoreTests }), NOW);
    expect(completedRestoreTests.mock.calls).toEqual([[new Date("2026-11-13T12:00:00Z")]]);
  });
});

it("lists the backups within exactly the maximum age of each resource", async () => {
  const recoveryPoints = jest.fn<Backups["recoveryPoints"]>().mockResolvedValue([point("new")]);
  await check([...OBJECTIVES, [{ resourceArn: BUCKET, maxAgeHours: 26 }]], vault([], { recoveryPoints }), NOW);
  expect(recoveryPoints.mock.calls).toEqual([
    [DATABASE, hoursAgo(8)],
    [BUCKET, hoursAgo(26)],
  ]);
});

it("fails when AWS Backup refuses a call: no objective counts as met without evidence", async () => {
  for (const part of ["recoveryPoints", "restoreMetadata", "completedRestoreTests"] as const)
    await expect(check(OBJECTIVES, vault([point("new")], { [part]: () => Promise.reject(new Error(part)) }), NOW)).rejects.toThrow(part);
});
