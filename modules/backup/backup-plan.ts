import { BackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { ServiceRole } from "../iam/service-role";
import type { Alerts } from "../monitoring/alerts";
import type { Widget } from "../monitoring/metric";
import { backupPermissions, type Protected } from "./permissions";
import type { Vault } from "./vault";
import { backupAlarms } from "./alarms";

export interface BackupProps {
  readonly names: Names;
  readonly accountId: string;
  readonly vault: Vault;
  /** What is backed up. */
  readonly protects: Protected;
  /** Hours between two backups, a divisor of 24. A job may start up to an hour later. */
  readonly everyHours: number;
  /** Days that a backup is kept. */
  readonly retentionDays: number;
  /** Vaults in other regions that get a copy, and the days it is kept there; none for no copies. */
  readonly copies: readonly { readonly vaultArn: string; readonly retentionDays: number }[];
  /** Aliases of all keys, of every region, that the data and the vaults are under. */
  readonly keyAliases: readonly string[];
  readonly alerts: Alerts;
}

/** The least that AWS Backup takes: a job that cannot start within it is given up, and that is an alert. */
const START_WINDOW_MINUTES = 60;
/** A day: the first backup of a large bucket takes long, and one that is given up begins anew. */
const COMPLETION_WINDOW_MINUTES = 1440;

/**
 * A backup every few hours, beside the continuous backups of Aurora and DynamoDB, which stay their own: a continuous
 * rule of AWS Backup would take the cluster's over and then refuse every change of it.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
 */
export class Backup extends Construct {
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    const { names, accountId, vault } = props;
    const role = new ServiceRole(this, "role", {
      names,
      accountId,
      purpose: "backup",
      service: "backup.amazonaws.com",
      statements: backupPermissions(accountId, props.protects, props.keyAliases),
    });
    const plan = new BackupPlan(this, "plan", {
      name: names.of("backup_plan"),
      rule: [
        {
          ruleName: `every-${props.everyHours}-hours`,
          targetVaultName: vault.name,
          schedule: props.everyHours === 24 ? "cron(0 0 * * ? *)" : `cron(0 0/${props.everyHours} * * ? *)`,
          startWindow: START_WINDOW_MINUTES,
          completionWindow: COMPLETION_WINDOW_MINUTES,
          lifecycle: { deleteAfter: props.retentionDays },
          copyAction: props.copies.map((copy) => ({
            destinationVaultArn: copy.vaultArn,
            lifecycle: { deleteAfter: copy.retentionDays },
          })),
        },
      ],
    });
    new BackupSelection(this, "selection", {
      name: names.of("backup_selection"),
      planId: plan.id,
      iamRoleArn: role.arn,
      resources: [...props.protects.clusters, ...props.protects.tables, ...props.protects.buckets],
      dependsOn: [...role.ready],
    });
    this.widgets = backupAlarms(this, { alerts: props.alerts, vault: names.of("backup_vault"), everyHours: props.everyHours });
  }
}
