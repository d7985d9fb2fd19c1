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
  /** Vault that the backups are taken from. */
  readonly vaultArn: string;
  /** The cluster whose newest backup is restored. */
  readonly clusterArn: string;
  /** Where it is restored to: there may be no default VPC, and there must be no other network. */
  readonly subnetGroup: string;
  readonly vpcId: string;
  /** Aliases of the keys that the data and the vault are under. */
  readonly keyAliases: readonly string[];
  readonly alerts: Alerts;
}

/** Every Sunday at noon UTC, away from backup and maintenance windows. */
const SCHEDULE = "cron(0 12 ? * SUN *)";
const NEWEST_OF_DAYS = 7;

/**
 * Restores the newest backup of the database once a week and deletes what it restored: a backup that cannot be restored
 * is found by a test and not by an outage. Costs what the restored cluster costs for an hour or two.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
 */
export class RestoreTesting extends Construct {
  readonly planArn: string;

  constructor(scope: Construct, id: string, props: RestoreTestingProps) {
    super(scope, id);
    const { names, accountId, alerts } = props;
    // Without a rule: nothing reaches what was restored, and it reaches nothing.
    const { id: securityGroupId } = new SecurityGroup(this, "security-group", { names, vpcId: props.vpcId, role: "restore-testing" });
    const restored = `arn:aws:rds:${props.region}:${accountId}`;
    const role = new ServiceRole(this, "role", {
      names,
      accountId,
      purpose: "restore-testing",
      service: "backup.amazonaws.com",
      statements: [
        {
          Sid: "RestoreBesideTheLiveCluster",
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
          Sid: "FollowTheRestore",
          Action: ["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeDBClusterSnapshots"],
          Resource: [`${restored}:cluster:*`, `${restored}:db:*`, `${restored}:cluster-snapshot:*`],
        },
        ...backupKeyPermissions(accountId, props.region, props.keyAliases),
      ],
    });
    // Names of restore tests know no hyphens.
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
      pattern: {
        source: ["aws.backup"],
        "detail-type": ["Restore Job State Change"],
        detail: {
          status: ["FAILED", "ABORTED"],
          // AWS adds an id to the name. Plans of other platforms in the account have names of their own.
          restoreTestingPlanArn: [{ prefix: `arn:aws:backup:${props.region}:${accountId}:restore-testing-plan:${name}-` }],
        },
      },
      // Failed jobs do not name what was backed up.
      paths: { job: "$.detail.restoreJobId", type: "$.detail.resourceType", reason: "$.detail.statusMessage" },
      sentence: "A backup of type <type> could not be restored (job <job>): <reason>",
      runbook: "backup.md#restore-test",
    });
  }
}
