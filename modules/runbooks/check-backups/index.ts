import {
  BackupClient,
  DescribeBackupVaultCommand,
  GetRecoveryPointRestoreMetadataCommand,
  paginateListRecoveryPointsByBackupVault,
  paginateListRestoreJobs,
} from "@aws-sdk/client-backup";
import { type Backups, check, type Point, type Promised } from "./check";

const client = new BackupClient({});

/** Checks one vault against what was promised. Answers with sentences on what is not as it should be. */
export async function handler(): Promise<{ readonly well: boolean; readonly problems: readonly string[] }> {
  const vault = given("VAULT");
  const promises = JSON.parse(given("PROMISES")) as Promised[];
  const problems = await check(promises, inVault(vault, process.env["RESTORE_TESTING_PLAN_ARN"]), new Date());
  return { well: problems.length === 0, problems };
}

function inVault(BackupVaultName: string, planArn: string | undefined): Backups {
  return {
    async begun() {
      const { CreationDate = new Date(0) } = await client.send(new DescribeBackupVaultCommand({ BackupVaultName }));
      return CreationDate;
    },
    async points(ByResourceArn, ByCreatedAfter) {
      const points: Point[] = [];
      for await (const { RecoveryPoints = [] } of paginateListRecoveryPointsByBackupVault(
        { client },
        { BackupVaultName, ByResourceArn, ByCreatedAfter },
      ))
        for (const {
          RecoveryPointArn: arn = "",
          Status: status = "",
          CreationDate: created = new Date(0),
          IsEncrypted: encrypted = false,
        } of RecoveryPoints)
          points.push({ arn, status, created, encrypted });
      return points;
    },
    async restoreMetadata(RecoveryPointArn) {
      const { RestoreMetadata = {} } = await client.send(new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName, RecoveryPointArn }));
      return RestoreMetadata;
    },
    async restoreTests(ByCompleteAfter) {
      if (planArn === undefined) return undefined;
      let tests = 0;
      for await (const { RestoreJobs = [] } of paginateListRestoreJobs(
        { client },
        { ByRestoreTestingPlanArn: planArn, ByStatus: "COMPLETED", ByCompleteAfter },
      ))
        tests += RestoreJobs.length;
      return tests;
    },
  };
}

function given(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}
