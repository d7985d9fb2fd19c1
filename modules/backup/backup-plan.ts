import { BackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { Construct } from "constructs";
import { backupSchedules } from "../../config/backup-schedule";
import type { Names } from "../../config/naming";
import { WRITER_TAG, WRITER_TAG_VALUE } from "../../config/writer-tag";
import { ServiceRole } from "../iam/service-role";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";
import { backupPermissions, type BackedUpResources } from "./permissions";
import type { Vault } from "./vault";
import { backupAlarms } from "./alarms";

export interface BackupProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the AWS account, as in ARNs and in the conditions of policies. */
  readonly accountId: string;
  /** The vault that receives the backups. */
  readonly vault: Vault;
  /** Resources that are backed up. */
  readonly resources: BackedUpResources;
  /** Hours between two backups, a divisor of 24. A job may start up to an hour later. */
  readonly everyHours: number;
  /** A metric that AWS publishes from the creation of the environment on. */
  readonly alive: Metric;
  /** Retention of a backup. */
  readonly retentionDays: number;
  /** Copies of the backups in other vaults. */
  readonly copies: {
    /** Vaults that receive copies. Empty: no copies. */
    readonly vaultArns: readonly string[];
    /** Hours between two backups that are copied, a multiple of the interval of the backups. */
    readonly everyHours: number;
    readonly retentionDays: number;
  };
  /** Other accounts that receive copies. */
  readonly otherAccounts: readonly string[];
  /** Tags of the backups. AWS Backup creates them, so that the default tags of the provider do not apply. */
  readonly tags: Readonly<Record<string, string>>;
  /** Aliases of the keys of the data and of the vaults, in all regions. */
  readonly keyAliases: readonly string[];
  /** Whether the cluster belongs to a global database: it is backed up only while it is the writer. */
  readonly writerOnly: boolean;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/** Minimum of AWS Backup. A job that does not start within it expires, and on-call is notified. */
const START_WINDOW_MINUTES = 60;
/** A day: the first backup of a large bucket takes long, and after an expiry it would start from the beginning. */
const COMPLETION_WINDOW_MINUTES = 1440;

/**
 * A backup every few hours, in addition to the continuous backups of Aurora and DynamoDB. Those are not managed by AWS Backup:
 * with a continuous rule, AWS Backup would manage the retention of the cluster and reject every other change of it.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
 */
export class Backup extends Construct {
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    const { names, accountId, vault, copies } = props;
    const lifecycle = { deleteAfter: copies.retentionDays };
    const copyAction = copies.vaultArns.map((destinationVaultArn) => ({ destinationVaultArn, lifecycle }));
    const role = new ServiceRole(this, "role", {
      names,
      accountId,
      purpose: "backup",
      service: "backup.amazonaws.com",
      statements: backupPermissions(accountId, props.resources, props.keyAliases, props.otherAccounts),
    });
    const plan = new BackupPlan(this, "plan", {
      name: names.of("backup_plan"),
      rule: backupSchedules(props.everyHours, copyAction.length > 0 ? copies.everyHours : undefined).map(
        ({ ruleName, schedule, copied }) => ({
          ruleName,
          targetVaultName: vault.name,
          schedule,
          startWindow: START_WINDOW_MINUTES,
          completionWindow: COMPLETION_WINDOW_MINUTES,
          lifecycle: { deleteAfter: props.retentionDays },
          copyAction: copied ? copyAction : [],
          recoveryPointTags: { ...props.tags },
        }),
      ),
    });
    const { clusters, tables, buckets } = props.resources;
    const common = { planId: plan.id, iamRoleArn: role.arn, dependsOn: [...role.ready] };
    const always = [...(props.writerOnly ? [] : clusters), ...tables, ...buckets];
    if (always.length > 0) new BackupSelection(this, "selection", { ...common, name: names.of("backup_selection"), resources: always });
    if (props.writerOnly)
      new BackupSelection(this, "writer-selection", {
        ...common,
        name: names.of("backup_selection", "writer"),
        resources: [...clusters],
        // AWS Backup selects the resources that are in the list and have the tag, at the time of each backup.
        condition: [{ stringEquals: [{ key: `aws:ResourceTag/${WRITER_TAG}`, value: WRITER_TAG_VALUE }] }],
      });
    this.widgets = backupAlarms(this, {
      ...props,
      vault: names.of("backup_vault"),
      copyEveryHours: copies.everyHours,
      receivesCopies: props.writerOnly,
    });
  }
}
