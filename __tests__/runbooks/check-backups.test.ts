import {
  BackupClient,
  DescribeBackupVaultCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRestoreJobsCommand,
} from "@aws-sdk/client-backup";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { handler } from "../../modules/runbooks/check-backups";
import { type Backups, check, type Point } from "../../modules/runbooks/check-backups/check";

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

describe("the function that checks a vault", () => {
  const PLAN = "arn:aws:backup:us-east-1:123456789012:restore-testing-plan:restore_testing_pr_42-0123";
  const ENVIRONMENT = { VAULT: "vault-pr-42", PROMISES: JSON.stringify(PROMISES), RESTORE_TESTING_PLAN_ARN: PLAN, AWS_REGION: "us-east-1" };
  type Input = Readonly<Record<string, unknown>>;
  /** What is asked, as [operation, input]; for each operation its pages. */
  const asked: [string, Input][] = [];
  let pointPages: readonly (readonly object[])[];
  let jobPages: readonly (readonly object[])[];
  let metadata: object;

  const recoveryPoint = (changes: object = {}): object => ({
    RecoveryPointArn: "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:job-1",
    Status: "COMPLETED",
    CreationDate: hoursAgo(2),
    IsEncrypted: true,
    ...changes,
  });

  /** The page that the token names, with the token of the next one. */
  const page = (key: string, pages: readonly (readonly object[])[], { NextToken = "0" }: Input): object => {
    const index = Number(NextToken);
    return { [key]: pages[index], ...(index + 1 < pages.length && { NextToken: String(index + 1) }) };
  };

  beforeEach(() => {
    Object.assign(process.env, ENVIRONMENT);
    jest.useFakeTimers({ now: NOW });
    asked.length = 0;
    pointPages = [[recoveryPoint()]];
    jobPages = [[{ RestoreJobId: "1" }]];
    metadata = { RestoreMetadata: { EngineMode: "provisioned" } };
    jest
      .spyOn(BackupClient.prototype as unknown as { send: (command: { readonly input: object }) => Promise<object> }, "send")
      .mockImplementation((command) => {
        const input = command.input as Input;
        asked.push([command.constructor.name, input]);
        if (command instanceof ListRecoveryPointsByBackupVaultCommand) return Promise.resolve(page("RecoveryPoints", pointPages, input));
        if (command instanceof ListRestoreJobsCommand) return Promise.resolve(page("RestoreJobs", jobPages, input));
        if (command instanceof GetRecoveryPointRestoreMetadataCommand) return Promise.resolve(metadata);
        if (command instanceof DescribeBackupVaultCommand) return Promise.resolve({ CreationDate: hoursAgo(YEAR) });
        return Promise.reject(new Error(`${command.constructor.name} is not expected`));
      });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
    for (const variable of Object.keys(ENVIRONMENT)) Reflect.deleteProperty(process.env, variable);
  });

  it("asks AWS Backup for the vault's points, for how to restore the newest, and for the plan's tests that ended well", async () => {
    expect(await handler()).toEqual({ well: true, problems: [] });
    expect(asked).toEqual(
      expect.arrayContaining(
        [
          ["DescribeBackupVaultCommand", { BackupVaultName: "vault-pr-42" }],
          [
            "ListRecoveryPointsByBackupVaultCommand",
            { BackupVaultName: "vault-pr-42", ByResourceArn: DATABASE, ByCreatedAfter: hoursAgo(8) },
          ],
          [
            "GetRecoveryPointRestoreMetadataCommand",
            { BackupVaultName: "vault-pr-42", RecoveryPointArn: "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:job-1" },
          ],
          ["ListRestoreJobsCommand", { ByRestoreTestingPlanArn: PLAN, ByStatus: "COMPLETED", ByCompleteAfter: hoursAgo(8 * 24) }],
        ].map(([name, input]): unknown => [name, expect.objectContaining(input as object)]),
      ),
    );
    expect(asked).toHaveLength(4);
  });

  it("reads every page: the newest point and the only test may be on the last", async () => {
    pointPages = [
      [recoveryPoint({ RecoveryPointArn: "old", CreationDate: hoursAgo(6) })],
      [],
      [recoveryPoint({ RecoveryPointArn: "new", IsEncrypted: false })],
    ];
    jobPages = [[], [{ RestoreJobId: "1" }]];
    expect(await handler()).toEqual({ well: false, problems: ["new is not encrypted."] });
    jobPages = [[], []];
    expect(await handler()).toEqual({ well: false, problems: ["new is not encrypted.", "No restore test has ended well for 8 days."] });
  });

  it("does not count a first page as the whole", async () => {
    pointPages = [[], [recoveryPoint()]];
    expect(await handler()).toEqual({ well: true, problems: [] });
  });

  it.each<[string, object, string]>([
    ["a point that does not say whether it is encrypted is not", { IsEncrypted: undefined }, "is not encrypted."],
    ["a point that does not say how it is is none", { Status: undefined }, "has no backup younger than 8 h."],
  ])("trusts nothing that is not said: %s", async (_, changes, problem) => {
    pointPages = [[recoveryPoint(changes)]];
    expect(await handler()).toMatchObject({ well: false, problems: [expect.stringMatching(new RegExp(`${problem}$`))] });
  });

  it("finds a point that cannot be restored", async () => {
    metadata = {};
    expect(await handler()).toEqual({
      well: false,
      problems: ["arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:job-1 cannot be restored: AWS Backup knows not how."],
    });
  });

  it("asks for no restore tests where there is no plan of them", async () => {
    Reflect.deleteProperty(process.env, "RESTORE_TESTING_PLAN_ARN");
    jobPages = [[]];
    expect(await handler()).toEqual({ well: true, problems: [] });
    expect(asked.map(([name]) => name)).not.toContain("ListRestoreJobsCommand");
  });

  it.each(["VAULT", "PROMISES"])("says that %s is missing", async (variable) => {
    Reflect.deleteProperty(process.env, variable);
    await expect(handler()).rejects.toThrow(`the environment variable ${variable} is missing`);
    expect(asked).toEqual([]);
  });
});
