import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface BackupAlarmsProps {
  readonly alerts: Alerts;
  readonly vault: string;
  /** Hours between two backups. */
  readonly everyHours: number;
}

/** AWS Backup reports its metrics, and its events, so often. */
const REPORTED_EVERY_SECONDS = 300;

/** Hours that a backup may take from the time for which it is planned: a job may start an hour late, and takes its time. */
export const BACKUP_GRACE_HOURS = 3;

/** Failed jobs are told as events, with the reason; failed backups ring an alarm too, until a run without failures. */
export function backupAlarms(scope: Construct, { alerts, vault, everyHours }: BackupAlarmsProps): Widget[] {
  const failedBackups = metric(vault, "NumberOfBackupJobsFailed", "failed backups");
  const completedBackups = metric(vault, "NumberOfBackupJobsCompleted", "completed");
  const failedCopies = metric(vault, "NumberOfCopyJobsFailed", "failed copies into this vault");
  const alarms = [
    alerts.alarm(scope, "backup-failed", {
      severity: "critical",
      means: "A backup failed: the newest one is older than was promised.",
      metric: failedBackups,
      periodSeconds: REPORTED_EVERY_SECONDS,
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: "backup.md#failed-jobs",
    }),
    alerts.alarm(scope, "backup-missing", {
      severity: "warning",
      means: `No backup has ended well for ${everyHours + BACKUP_GRACE_HOURS} hours, or there has been none yet.`,
      metric: completedBackups,
      periodSeconds: 3600,
      periods: everyHours + BACKUP_GRACE_HOURS,
      when: { below: 1 },
      missingData: "breaching",
      runbook: "backup.md#missing-backups",
    }),
  ];
  alerts.composites.tier(scope, "backup", alarms, "backup.md#failed-jobs");
  for (const [id, what, job, states] of [
    ["backup-job-failed", "Backup", "$.detail.backupJobId", ["FAILED", "ABORTED", "EXPIRED"]],
    ["copy-job-failed", "Copy", "$.detail.copyJobId", ["FAILED"]],
  ] as const)
    alerts.event(scope, id, {
      means: `A ${what.toLowerCase()} job of AWS Backup ended without a result`,
      pattern: {
        source: ["aws.backup"],
        "detail-type": [`${what} Job State Change`],
        detail: {
          state: states,
          ...(what === "Backup" ? { backupVaultName: [vault] } : { sourceBackupVaultArn: [{ suffix: `:${vault}` }] }),
        },
      },
      paths: { job, resource: "$.detail.resourceArn", state: "$.detail.state", reason: "$.detail.statusMessage" },
      sentence: `${what} job <job> of <resource> is <state>: <reason>`,
      runbook: "backup.md#failed-jobs",
    });
  return [
    {
      title: "Backups",
      metrics: [completedBackups, failedBackups, failedCopies],
    },
  ];
}

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html */
function metric(vault: string, name: string, label: string): Metric {
  return { namespace: "AWS/Backup", name, dimensions: { BackupVaultName: vault }, statistic: "Sum", label };
}
