import {
  BackupClient,
  DescribeBackupVaultCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRestoreJobsCommand,
} from "@aws-sdk/client-backup";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { handler } from "../../../modules/runbooks/check-backups";

const NOW = new Date("2026-11-21T12:00:00Z");
const HOUR = 3_600_000;
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);

const YEAR = 365 * 24;

const DATABASE = "arn:aws:rds:us-east-1:123456789012:cluster:aurora-pr-42-us-east-1";
const OBJECTIVES = [[{ resourceArn: DATABASE, maxAgeHours: 8 }]];

describe("the function that checks a vault", () => {
  const PLAN = "arn:aws:backup:us-east-1:123456789012:restore-testing-plan:restore_testing_pr_42-0123";
  const ENVIRONMENT = {
    VAULT: "vault-pr-42",
    OBJECTIVES: JSON.stringify(OBJECTIVES),
    RESTORE_TESTING_PLAN_ARN: PLAN,
    AWS_REGION: "us-east-1",
  };
  type Input = Readonly<Record<string, unknown>>;
  /** The calls, as [operation, input]. */
  const calls: [string, Input][] = [];
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

  /** The page of a token, with the token of the next page. */
  const page = (key: string, pages: readonly (readonly object[])[], { NextToken = "0" }: Input): object => {
    const index = Number(NextToken);
    return { [key]: pages[index], ...(index + 1 < pages.length && { NextToken: String(index + 1) }) };
  };

  beforeEach(() => {
    Object.assign(process.env, ENVIRONMENT);
    jest.useFakeTimers({ now: NOW });
    calls.length = 0;
    pointPages = [[recoveryPoint()]];
    jobPages = [[{ RestoreJobId: "1" }]];
    metadata = { RestoreMetadata: { EngineMode: "provisioned" } };
    jest
      .spyOn(BackupClient.prototype as unknown as { send: (command: { readonly input: object }) => Promise<object> }, "send")
      .mockImplementation((command) => {
        const input = command.input as Input;
        calls.push([command.constructor.name, input]);
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

  it("reads the vault's recovery points, the restore metadata of the newest, and the completed restore tests of the plan", async () => {
    expect(await handler()).toEqual({ objectivesMet: true, problems: [] });
    expect(calls).toEqual(
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
    expect(calls).toHaveLength(4);
  });

  it("reads every page: the newest recovery point and the only test may be on the last one", async () => {
    pointPages = [
      [recoveryPoint({ RecoveryPointArn: "old", CreationDate: hoursAgo(6) })],
      [],
      [recoveryPoint({ RecoveryPointArn: "new", IsEncrypted: false })],
    ];
    jobPages = [[], [{ RestoreJobId: "1" }]];
    expect(await handler()).toEqual({ objectivesMet: false, problems: ["new is not encrypted."] });
    jobPages = [[], []];
    expect(await handler()).toEqual({
      objectivesMet: false,
      problems: ["new is not encrypted.", "No restore test has succeeded in the last 8 days."],
    });
  });

  it("continues after an empty first page", async () => {
    pointPages = [[], [recoveryPoint()]];
    expect(await handler()).toEqual({ objectivesMet: true, problems: [] });
  });

  it.each<[string, object, string]>([
    ["a recovery point without an encryption status counts as not encrypted", { IsEncrypted: undefined }, "is not encrypted."],
    ["a recovery point without a status does not count", { Status: undefined }, "has no backup younger than 8 h."],
  ])("assumes nothing that AWS Backup does not report: %s", async (_, changes, problem) => {
    pointPages = [[recoveryPoint(changes)]];
    expect(await handler()).toMatchObject({ objectivesMet: false, problems: [expect.stringMatching(new RegExp(`${problem}$`))] });
  });

  it("finds a recovery point that cannot be restored", async () => {
    metadata = {};
    expect(await handler()).toEqual({
      objectivesMet: false,
      problems: [
        "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:awsbackup:job-1 cannot be restored: AWS Backup returned no restore metadata.",
      ],
    });
  });

  it("lists no restore tests without a restore testing plan", async () => {
    Reflect.deleteProperty(process.env, "RESTORE_TESTING_PLAN_ARN");
    jobPages = [[]];
    expect(await handler()).toEqual({ objectivesMet: true, problems: [] });
    expect(calls.map(([name]) => name)).not.toContain("ListRestoreJobsCommand");
  });

  it.each(["VAULT", "OBJECTIVES"])("reports that %s is missing", async (variable) => {
    Reflect.deleteProperty(process.env, variable);
    await expect(handler()).rejects.toThrow(`the environment variable ${variable} is missing`);
    expect(calls).toEqual([]);
  });
});
