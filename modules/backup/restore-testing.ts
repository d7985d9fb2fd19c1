import { BackupRestoreTestingPlan } from "@cdktf/provider-aws/lib/backup-restore-testing-plan";
import { BackupRestoreTestingSelection } from "@cdktf/provider-aws/lib/backup-restore-testing-selection";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { ServiceRole } from "../iam/service-role";
import type { Alerts } from "../monitoring/alerts";
import { SecurityGroup } from "../security/security-group";
import { backupKeyPermissions } from "./permissions";

export interface RestoreTestingProps extends RegionScope {
  /** Vault of the backups. */
  readonly vaultArn: string;
  /** Cluster whose newest backup is restored. */
  readonly clusterArn: string;
  /** Subnet group of the restored cluster: the default VPC may not exist, and the restore must use no other network. */
  readonly subnetGroup: string;
  /** ID of the VPC of the security group of the restored cluster. */
  readonly vpcId: string;
  /** Aliases of the keys of the data and of the vault. */
  readonly keyAliases: readonly string[];
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/** Every Sunday at noon UTC, away from backup and maintenance windows. */
const SCHEDULE = "cron(0 12 ? * SUN *)";
const NEWEST_OF_DAYS = 7;

/**
 * Restores the newest backup of the database once a week and deletes the restored cluster, so that a backup that cannot be
 * restored is detected before it is needed. The restored cluster is charged for an hour or two.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
 */
export class RestoreTesting extends Construct {
  readonly planArn: string;

  constructor(scope: Construct, id: string, props: RestoreTestingProps) {
    super(scope, id);
    const { names, accountId, alerts } = props;
    // Without rules: the restored cluster accepts and opens no connections.
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", { names, vpcId: props.vpcId, role: "restore-testing" });
    const restored = `arn:aws:rds:${props.region}:${accountId}`;
    const role = new ServiceRole(this, "role", {
      names,
      accountId,
      purpose: "restore-testing",
      service: "backup.amazonaws.com",
      statements: [
        {
          Sid: "RestoreTestCluster",
          Action: [
            "rds:RestoreDBClusterFromSnapshot",
            "rds:CreateDBInstance",
            "rds:DeleteDBCluster",
            "rds:DeleteDBInstance",
            "rds:AddTagsToResource",
            "rds:ListTagsForResource",
          ],
          Resource: [
            `${restored}:cluster:awsbackup-restore-test*`,
            `${restored}:db:awsbackup-restore-test*`,
            `${restored}:cluster-snapshot:awsbackup:*`,
            `${restored}:subgrp:${props.subnetGroup}`,
            `${restored}:cluster-pg:*`,
            `${restored}:pg:*`,
            `${restored}:og:*`,
          ],
        },
        {
          Sid: "DescribeRestoredCluster",
          Action: ["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeDBClusterSnapshots"],
          Resource: [`${restored}:cluster:*`, `${restored}:db:*`, `${restored}:cluster-snapshot:*`],
        },
        ...backupKeyPermissions(accountId, props.region, props.keyAliases),
      ],
    });
    // Names of restore testing plans must not contain hyphens.
    const name = names.of("backup_restore_testing_plan").replaceAll("-", "_");
    const plan = new BackupRestoreTestingPlan(this, "plan", {
      name,
      scheduleExpression: SCHEDULE,
      recoveryPointSelection: [
        {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [props.vaultArn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: NEWEST_OF_DAYS,
        },
      ],
    });
    this.planArn = plan.arn;
    new BackupRestoreTestingSelection(this, "selection", {
      name,
      restoreTestingPlanName: plan.name,
      protectedResourceType: "Aurora",
      protectedResourceArns: [props.clusterArn],
      iamRoleArn: role.arn,
      restoreMetadataOverrides: {
        dbSubnetGroupName: props.subnetGroup,
        vpcSecurityGroupIds: Fn.jsonencode([securityGroupId]),
      },
      dependsOn: [...role.ready],
    });
    alerts.event(this, "restore-test-failed", {
      means: "A restore test of AWS Backup failed",
      clients: "no effect",
      pattern: {
        source: ["aws.backup"],
        "detail-type": ["Restore Job State Change"],
        detail: {
          status: ["FAILED", "ABORTED"],
          // AWS appends an id to the name. Plans of other platforms in the account have other names.
          restoreTestingPlanArn: [{ prefix: `arn:aws:backup:${props.region}:${accountId}:restore-testing-plan:${name}-` }],
        },
      },
      // Events of failed jobs do not contain the source resource.
      paths: { job: "$.detail.restoreJobId", type: "$.detail.resourceType", reason: "$.detail.statusMessage" },
      sentence: "A backup of type <type> could not be restored (job <job>): <reason>",
      runbook: "backup.md#restore-test",
    });
  }
}
