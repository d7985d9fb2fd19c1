import { Construct } from "constructs";
import { NodeFunction } from "../../functions/node-function";
import type { Statement } from "../../iam/policy";
import type { BackupObjective } from "../check-backups/check";
import { Runbook, type RunbookSettings } from "../runbook";
import { FUNCTION_SECONDS, backupVerificationDefinition } from "./definition";

export interface BackupVerificationProps extends RunbookSettings {
  /** Name of this region's backup vault. */
  readonly vault: string;
  /** Data that must have a backup, and the maximum age of the newest one. */
  readonly objectives: readonly BackupObjective[];
  /** Restore testing plan, whose results are checked as well. @default - there is none */
  readonly restoreTestingPlanArn?: string | undefined;
  /** Schedule expression of executions. @default - none */
  readonly schedule?: string | undefined;
}

const SECTION = "operations.md#backup-verification";

/** The runbook that compares the backups with their objectives. It takes no input and changes nothing. */
export class BackupVerification extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BackupVerificationProps) {
    super(scope, id);
    const { vault, objectives, restoreTestingPlanArn } = props;
    const { arn: functionArn } = new NodeFunction(this, "function", {
      ...props,
      purpose: "check-backups",
      folder: "modules/runbooks/check-backups",
      timeoutSeconds: FUNCTION_SECONDS,
      environment: {
        VAULT: vault,
        OBJECTIVES: JSON.stringify(objectives),
        ...(restoreTestingPlanArn !== undefined && { RESTORE_TESTING_PLAN_ARN: restoreTestingPlanArn }),
      },
      statements: backupPermissions(props),
      runbook: SECTION,
    });
    this.arn = new Runbook(this, "runbook", {
      ...props,
      purpose: "backup-verification",
      section: SECTION,
      define: (context) => backupVerificationDefinition({ ...context, functionArn }),
      statements: [{ Sid: "CheckBackups", Action: "lambda:InvokeFunction", Resource: functionArn }],
    }).arn;
  }
}

function backupPermissions({ region, accountId, vault, restoreTestingPlanArn }: BackupVerificationProps): Statement[] {
  return [
    {
      Sid: "ListRecoveryPoints",
      Action: ["backup:DescribeBackupVault", "backup:ListRecoveryPointsByBackupVault"],
      Resource: `arn:aws:backup:${region}:${accountId}:backup-vault:${vault}`,
    },
    {
      Sid: "ReadRestoreMetadata",
      Action: "backup:GetRecoveryPointRestoreMetadata",
      // The ARN format of a recovery point depends on the type of the resource.
      Resource: [
        `arn:aws:backup:${region}:${accountId}:recovery-point:*`,
        `arn:aws:rds:${region}:${accountId}:cluster-snapshot:awsbackup:*`,
        `arn:aws:dynamodb:${region}:${accountId}:table/*/backup/*`,
      ],
    },
    ...(restoreTestingPlanArn === undefined
      ? []
      : [{ Sid: "ListRestoreTestJobs", Action: "backup:ListRestoreJobs", everyResourceBecause: "ListRestoreJobs has no resource type" }]),
  ];
}
