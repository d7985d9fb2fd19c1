import { describe, expect, it, jest } from "@jest/globals";
import { type Backups, check, type Point } from "../../../modules/runbooks/check-backups/check";

const NOW = new Date("2026-11-21T12:00:00Z");
const HOUR = 3_600_000;
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);

const YEAR = 365 * 24;

const DATABASE = "arn:aws:rds:us-east-1:123456789012:cluster:aurora-pr-42-us-east-1";
const BUCKET = "arn:aws:s3:::bucket-transactions-pr-42-123456789012-us-east-1";
const PROMISES = [{ resourceArn: DATABASE, maxAgeHours: 8 }];

const point = (arn: string, changes: Partial<Point> = {}): Point => ({
  arn,
  status: "COMPLETED",
  created: hoursAgo(2),
  encrypted: true,
  ...changes,
});

/** A vault with these points of every resource, as AWS Backup answers for it. */
const vault = (points: readonly Point[], more: Partial<Backups> = {}): Backups => ({
  begun: () => Promise.resolve(hoursAgo(YEAR)),
  points: (_, since) => Promise.resolve(points.filter(({ created }) => created >= since)),
  restoreMetadata: () => Promise.resolve({ EngineMode: "provisioned" }),
  restoreTests: () => Promise.resolve(1),
  ...more,
});

describe("the backups are as promised", () => {
  it.each<[string, readonly Point[]]>([
    ["with one that is done, young and encrypted", [point("new")]],
    ["with a continuous one that goes on", [point("new", { status: "AVAILABLE" })]],
    ["with one at the end of its age", [point("new", { created: hoursAgo(8) })]],
    ["with an older one that is not encrypted", [point("old", { created: hoursAgo(3), encrypted: false }), point("new")]],
    ["with one that is being made, and one that is done", [point("new", { status: "CREATING", created: hoursAgo(0) }), point("old")]],
    [
      "with a newest one that failed in part, and one before it",
      [point("new", { status: "PARTIAL", created: hoursAgo(0), encrypted: false }), point("old")],
    ],
  ])("%s", async (_, points) => {
    expect(await check(PROMISES, vault(points), NOW)).toEqual([]);
  });

  it("without any, while the vault is younger than a backup may be old, and no longer", async () => {
    const begun = (hours: number) => ({ begun: () => Promise.resolve(hoursAgo(hours)) });
    expect(await check(PROMISES, vault([], begun(7.9)), NOW)).toEqual([]);
    expect(await check(PROMISES, vault([], begun(8)), NOW)).toEqual([`${DATABASE} has no backup younger than 8 h.`]);
  });

  it("without a restore test, while the vault is younger than a test may be old, and no longer", async () => {
    const tested = (days: number) => ({ begun: () => Promise.resolve(hoursAgo(days * 24)), restoreTests: () => Promise.resolve(0) });
    expect(await check(PROMISES, vault([point("new")], tested(7.9)), NOW)).toEqual([]);
    expect(await check(PROMISES, vault([point("new")], tested(8)), NOW)).toEqual(["No restore test has ended well for 8 days."]);
  });

  it("where nothing is promised", async () => {
    expect(await check([], vault([]), NOW)).toEqual([]);
  });
});

describe("the backups are not as promised", () => {
  const NONE = [`${DATABASE} has no backup younger than 8 h.`];

  it.each<[string, readonly Point[], readonly string[]]>([
    ["without any", [], NONE],
    ["with one that is a second too old", [point("old", { created: new Date(hoursAgo(8).getTime() - 1000) })], NONE],
    ["with one that has expired", [point("new", { status: "EXPIRED" })], NONE],
    ["with one that failed in part", [point("new", { status: "PARTIAL" })], NONE],
    ["with one that is being made", [point("new", { status: "CREATING" })], NONE],
    ["with one that is being deleted", [point("new", { status: "DELETING" })], NONE],
    ["with a continuous one that was stopped", [point("new", { status: "STOPPED" })], NONE],
    ["with one whose status is not told", [point("new", { status: "" })], NONE],
    ["with one that is not encrypted", [point("new", { encrypted: false })], ["new is not encrypted."]],
    [
      "when the newest is not encrypted, in whatever order they are listed",
      [point("old", { created: hoursAgo(5) }), point("new", { encrypted: false }), point("middle", { created: hoursAgo(4) })],
      ["new is not encrypted."],
    ],
  ])("%s", async (_, points, problems) => {
    expect(await check(PROMISES, vault(points), NOW)).toEqual(problems);
  });

  it("when AWS Backup knows not how to restore the newest: it is the one that is asked for", async () => {
    const restoreMetadata = jest.fn<Backups["restoreMetadata"]>().mockResolvedValue({});
    const points = [point("old", { created: hoursAgo(5) }), point("new")];
    expect(await check(PROMISES, vault(points, { restoreMetadata }), NOW)).toEqual(["new cannot be restored: AWS Backup knows not how."]);
    expect(restoreMetadata.mock.calls).toEqual([["new"]]);
  });

  it("for every problem of every resource at once, by the resource's own age", async () => {
    const promises = [...PROMISES, { resourceArn: BUCKET, maxAgeHours: 26 }, { resourceArn: "arn:fine", maxAgeHours: 26 }];
    const points: Backups["points"] = (arn, since) =>
      Promise.resolve([point(arn, { created: hoursAgo(20), encrypted: arn !== BUCKET })].filter(({ created }) => created >= since));
    expect(await check(promises, vault([], { points, restoreTests: () => Promise.resolve(0) }), NOW)).toEqual([
      `${DATABASE} has no backup younger than 8 h.`,
      `${BUCKET} is not encrypted.`,
      "No restore test has ended well for 8 days.",
    ]);
  });
});

describe("restore tests", () => {
  it.each<[string, number | undefined, readonly string[]]>([
    ["one has ended well", 1, []],
    ["several have ended well", 3, []],
    ["there are none to run", undefined, []],
    ["none has ended well", 0, ["No restore test has ended well for 8 days."]],
  ])("are well or not: %s", async (_, tests, problems) => {
    expect(await check(PROMISES, vault([point("new")], { restoreTests: () => Promise.resolve(tests) }), NOW)).toEqual(problems);
  });

  it("are counted from eight days ago, once for all resources", async () => {
    const restoreTests = jest.fn<Backups["restoreTests"]>().mockResolvedValue(1);
    await check([...PROMISES, { resourceArn: BUCKET, maxAgeHours: 8 }], vault([point("new")], { restoreTests }), NOW);
    expect(restoreTests.mock.calls).toEqual([[new Date("2026-11-13T12:00:00Z")]]);
  });
});

it("AWS Backup is asked for backups of exactly the promised age", async () => {
  const points = jest.fn<Backups["points"]>().mockResolvedValue([point("new")]);
  await check([...PROMISES, { resourceArn: BUCKET, maxAgeHours: 26 }], vault([], { points }), NOW);
  expect(points.mock.calls).toEqual([
    [DATABASE, hoursAgo(8)],
    [BUCKET, hoursAgo(26)],
  ]);
});

it("what AWS Backup refuses makes the check fail: nothing is said to be well that was not seen", async () => {
  for (const part of ["points", "restoreMetadata", "restoreTests"] as const)
    await expect(check(PROMISES, vault([point("new")], { [part]: () => Promise.reject(new Error(part)) }), NOW)).rejects.toThrow(part);
});
