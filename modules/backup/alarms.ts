import type { Construct } from "constructs";
import { maxBackupAgeHours, maxCopyAgeHours } from "../../config/backup-schedule";
import type { Alerts } from "../monitoring/alerts";
import type { ComputedMetric, Metric, Widget } from "../monitoring/metric";

export interface BackupAlarmsProps {
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** Name of the backup vault, as a dimension of its metrics. */
  readonly vault: string;
  /** Hours between two backups. */
  readonly everyHours: number;
  /** Hours between two backups that are copied. */
  readonly copyEveryHours: number;
  /** A metric that AWS publishes from the creation of the environment on. */
  readonly alive: Metric;
  /** Whether the vault receives only copies while another region backs up the database. */
  readonly receivesCopies: boolean;
}

/** Interval at which AWS Backup publishes metrics. */
const METRIC_PERIOD_SECONDS = 300;

/** Events report failed jobs with their reasons. An alarm is also in ALARM after a failed backup, until a period without failures. */
export function backupAlarms(scope: Construct, props: BackupAlarmsProps): Widget[] {
  const { alerts, vault, everyHours, copyEveryHours, receivesCopies, alive } = props;
  const failedBackups = metric(vault, "NumberOfBackupJobsFailed", "failed backups");
  const completedBackups = metric(vault, "NumberOfBackupJobsCompleted", "completed");
  // The vault of a region receives backups while the region has the writer, and otherwise copies.
  const arrivals = receivesCopies ? metric(vault, "NumberOfRecoveryPointsCompleted", "backups and copies") : completedBackups;
  const maxAgeHours = receivesCopies
    ? Math.max(maxBackupAgeHours(everyHours), maxCopyAgeHours(copyEveryHours))
    : maxBackupAgeHours(everyHours);
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
      means: `No backup ${receivesCopies ? "or copy of one " : ""}has completed within the last ${maxAgeHours} hours.`,
      metric: backupsSince(alive, arrivals),
      periodSeconds: 3600,
      periods: maxAgeHours,
      when: { below: 1 },
      missingData: "notBreaching",
      runbook: "backup.md#missing-backups",
    }),
  ];
  alerts.composites.addComponent(scope, "backup", alarms, { runbook: "backup.md#failed-jobs", clients: "no effect", warning: "no effect" });
  for (const [id, kind, job, states] of [
    ["backup-job-failed", "Backup", "$.detail.backupJobId", ["FAILED", "ABORTED", "EXPIRED"]],
    ["copy-job-failed", "Copy", "$.detail.copyJobId", ["FAILED"]],
  ] as const)
    alerts.event(scope, id, {
      means: `A ${kind.toLowerCase()} job of AWS Backup failed`,
      clients: "no effect",
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

/**
 * The backups of an hour. An hour before the creation of the environment counts as one with a backup. The sum with zeros is a value
 * also while there has never been a backup.
 */
function backupsSince(alive: Metric, arrivals: Metric): ComputedMetric {
  return {
    expression: "IF(FILL(alive, 0) > 0, SUM([FILL(arrivals, 0), 0 * FILL(alive, 0)]), 1)",
    metrics: { alive, arrivals },
    label: "backups",
  };
}

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html */
function metric(vault: string, name: string, label: string): Metric {
  return { namespace: "AWS/Backup", name, dimensions: { BackupVaultName: vault }, statistic: "Sum", label };
}
