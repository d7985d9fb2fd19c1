import {
  BackupClient,
  DescribeBackupVaultCommand,
  GetRecoveryPointRestoreMetadataCommand,
  paginateListRecoveryPointsByBackupVault,
  paginateListRestoreJobs,
} from "@aws-sdk/client-backup";
import { type BackupObjective, type Backups, check, type RecoveryPoint } from "./check";

const client = new BackupClient({});

/** Checks the backups of one vault against their objectives. Returns a sentence for each objective that is not met. */
export async function handler(): Promise<{ readonly objectivesMet: boolean; readonly problems: readonly string[] }> {
  const vault = requiredVariable("VAULT");
  const objectives = JSON.parse(requiredVariable("OBJECTIVES")) as BackupObjective[];
  const problems = await check(objectives, backupsIn(vault, process.env["RESTORE_TESTING_PLAN_ARN"]), new Date());
  return { objectivesMet: problems.length === 0, problems };
}

function backupsIn(BackupVaultName: string, planArn: string | undefined): Backups {
  return {
    async vaultCreatedAt() {
      const { CreationDate = new Date(0) } = await client.send(new DescribeBackupVaultCommand({ BackupVaultName }));
      return CreationDate;
    },
    async recoveryPoints(ByResourceArn, ByCreatedAfter) {
      const found: RecoveryPoint[] = [];
      for await (const { RecoveryPoints = [] } of paginateListRecoveryPointsByBackupVault(
        { client },
        { BackupVaultName, ByResourceArn, ByCreatedAfter },
      ))
        for (const {
          RecoveryPointArn: arn = "",
          Status: status = "",
          CreationDate: createdAt = new Date(0),
          IsEncrypted: encrypted = false,
        } of RecoveryPoints)
          found.push({ arn, status, createdAt, encrypted });
      return found;
    },
    async restoreMetadata(RecoveryPointArn) {
      const { RestoreMetadata = {} } = await client.send(new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName, RecoveryPointArn }));
      return RestoreMetadata;
    },
    async completedRestoreTests(ByCompleteAfter) {
      if (planArn === undefined) return undefined;
      let count = 0;
      for await (const { RestoreJobs = [] } of paginateListRestoreJobs(
        { client },
        { ByRestoreTestingPlanArn: planArn, ByStatus: "COMPLETED", ByCompleteAfter },
      ))
        count += RestoreJobs.length;
      return count;
    },
  };
}

function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}
