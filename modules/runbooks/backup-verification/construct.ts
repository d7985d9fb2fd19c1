import { Construct } from "constructs";
import { NodeFunction } from "../../functions/node-function";
import type { Promised } from "../check-backups/check";
import { Runbook, type RunbookProps } from "../runbook";
import { verifyBackups } from "./definition";

export interface BackupVerificationProps extends Omit<RunbookProps, "purpose" | "definition" | "statements" | "runbook"> {
  /** Vault of this region, by its name. */
  readonly vault: string;
  readonly promises: readonly Promised[];
  /** Plan of restore tests, whose results are checked too. @default - there is none */
  readonly restoreTestingPlanArn?: string | undefined;
  readonly runbookBaseUrl: string;
}

const SECTION = "operations.md#backup-verification";

/** The runbook that compares the backups with what was promised. It takes no input and changes nothing. */
export class BackupVerification extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BackupVerificationProps) {
    super(scope, id);
    const { region, accountId, alerts, vault, promises, restoreTestingPlanArn } = props;
    const check = new NodeFunction(this, "function", {
      ...props,
      purpose: "check-backups",
      folder: "modules/runbooks/check-backups",
      timeoutSeconds: 60,
      environment: {
        VAULT: vault,
        PROMISES: JSON.stringify(promises),
        ...(restoreTestingPlanArn !== undefined && { RESTORE_TESTING_PLAN_ARN: restoreTestingPlanArn }),
      },
      statements: [
        {
          Sid: "ListBackups",
          Action: ["backup:DescribeBackupVault", "backup:ListRecoveryPointsByBackupVault"],
          Resource: `arn:aws:backup:${region}:${accountId}:backup-vault:${vault}`,
        },
        {
          Sid: "ReadHowToRestore",
          Action: "backup:GetRecoveryPointRestoreMetadata",
          // What kind of ARN a recovery point has depends on what it is of.
          Resource: [
            `arn:aws:backup:${region}:${accountId}:recovery-point:*`,
            `arn:aws:rds:${region}:${accountId}:cluster-snapshot:awsbackup:*`,
            `arn:aws:dynamodb:${region}:${accountId}:table/*/backup/*`,
          ],
        },
        ...(restoreTestingPlanArn === undefined
          ? []
          : [
              {
                Sid: "ListRestoreTests",
                Action: "backup:ListRestoreJobs",
                everyResourceBecause: "a list of jobs has no resource",
              },
            ]),
      ],
      runbook: SECTION,
    });
    this.arn = new Runbook(this, "runbook", {
      ...props,
      purpose: "verify-backups",
      runbook: SECTION,
      definition: verifyBackups({
        topicArn: alerts.topicArn,
        region,
        functionArn: check.arn,
        runbookUrl: `${props.runbookBaseUrl}/${SECTION}`,
      }),
      statements: [{ Sid: "CheckBackups", Action: "lambda:InvokeFunction", Resource: check.arn }],
    }).arn;
  }
}
