import type { Construct } from "constructs";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface BackupAlarmsProps {
  readonly alerts: Alerts;
  readonly vault: string;
  /** Hours between two backups. */
  readonly everyHours: number;
  /** Whether the vault receives copies while another region backs up the database. */
  readonly receivesCopies: boolean;
}

/** Interval at which AWS Backup publishes metrics. */
const METRIC_PERIOD_SECONDS = 300;

/** Hours from the scheduled time within which a backup must complete: a job may start an hour late, and has a duration. */
export const BACKUP_GRACE_HOURS = 3;

/** Events report failed jobs with their reasons. An alarm is also in ALARM after a failed backup, until a period without failures. */
export function backupAlarms(scope: Construct, { alerts, vault, everyHours, receivesCopies }: BackupAlarmsProps): Widget[] {
  const failedBackups = metric(vault, "NumberOfBackupJobsFailed", "failed backups");
  const completedBackups = metric(vault, "NumberOfBackupJobsCompleted", "completed");
  // The vault of a region receives backups while the region has the writer, and otherwise copies.
  const arrivals = receivesCopies ? metric(vault, "NumberOfRecoveryPointsCompleted", "backups and copies") : completedBackups;
  const failedCopies = metric(vault, "NumberOfCopyJobsFailed", "failed copies into this vault");
  const alarms = [
    alerts.alarm(scope, "backup-failed", {
      severity: "critical",
      means: "A backup failed. The newest backup may be older than the configured interval.",
      metric: failedBackups,
      periodSeconds: METRIC_PERIOD_SECONDS,
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: "backup.md#failed-jobs",
    }),
    alerts.alarm(scope, "backup-missing", {
      severity: "warning",
      means: `No backup ${receivesCopies ? "or copy of one " : ""}has completed within the last ${everyHours + BACKUP_GRACE_HOURS} hours.`,
      metric: arrivals,
      periodSeconds: 3600,
      periods: everyHours + BACKUP_GRACE_HOURS,
      when: { below: 1 },
      missingData: "breaching",
      runbook: "backup.md#missing-backups",
    }),
  ];
  alerts.composites.addComponent(scope, "backup", alarms, "backup.md#failed-jobs");
  for (const [id, kind, job, states] of [
    ["backup-job-failed", "Backup", "$.detail.backupJobId", ["FAILED", "ABORTED", "EXPIRED"]],
    ["copy-job-failed", "Copy", "$.detail.copyJobId", ["FAILED"]],
  ] as const)
    alerts.event(scope, id, {
      means: `A ${kind.toLowerCase()} job of AWS Backup failed`,
      pattern: {
        source: ["aws.backup"],
        "detail-type": [`${kind} Job State Change`],
        detail: {
          state: states,
          ...(kind === "Backup" ? { backupVaultName: [vault] } : { sourceBackupVaultArn: [{ suffix: `:${vault}` }] }),
        },
      },
      paths: { job, resource: "$.detail.resourceArn", state: "$.detail.state", reason: "$.detail.statusMessage" },
      sentence: `${kind} job <job> of <resource> is <state>: <reason>`,
      runbook: "backup.md#failed-jobs",
    });
  return [
    {
      title: "Backups",
      metrics: [completedBackups, failedBackups, failedCopies, ...(receivesCopies ? [arrivals] : [])],
    },
  ];
}

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html */
function metric(vault: string, name: string, label: string): Metric {
  return { namespace: "AWS/Backup", name, dimensions: { BackupVaultName: vault }, statistic: "Sum", label };
}
