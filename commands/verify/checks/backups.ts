import {
  type BackupPlan,
  DescribeBackupVaultCommand,
  GetBackupPlanCommand,
  GetBackupSelectionCommand,
  GetRestoreTestingPlanCommand,
  ListBackupSelectionsCommand,
  paginateListBackupPlans,
} from "@aws-sdk/client-backup";
import { BACKUP_KEY_PURPOSE, vaultArn } from "../../../modules/backup/vault";
import { type Check, compareSets, differences, Missing, checkResource, checkEach } from "../check";
import type { LiveRegion } from "../live-region";

const makesBackups = ({ config }: LiveRegion): boolean => config.backup.enabled;

export const BACKUPS: readonly Check<LiveRegion>[] = [
  {
    requirement: "The backup vault is encrypted with its own key",
    requirementIds: ["S000-T16", "S002-C9", "S004-T11", "S004-7.4"],
    appliesTo: ({ config }) => config.backup.enabled,
    violations: (live) => {
      const BackupVaultName = live.ownNames.of("backup_vault");
      return checkResource(BackupVaultName, async () => {
        const { EncryptionKeyArn } = await live.own.backup.send(new DescribeBackupVaultCommand({ BackupVaultName }));
        return differences({ key: [EncryptionKeyArn, await live.key(BACKUP_KEY_PURPOSE)] });
      });
    },
  },
  {
    requirement: "The backup plan has the configured schedule, retention and cross-region copies",
    requirementIds: [
      "S000-1.4",
      "S002-1.3",
      "S002-C1",
      "S002-S2",
      "S003-2.5",
      "S003-G5",
      "S003-C1",
      "S004-G3",
      "S004-7.4",
      "S004-C8",
      "S004-D8",
    ],
    appliesTo: makesBackups,
    violations: async (live) => {
      const { name, plan } = await planOf(live);
      const { everyHours, retentionDays, copyRetentionDays } = live.config.backup;
      const schedule = everyHours === 24 ? "cron(0 0 * * ? *)" : `cron(0 0/${everyHours} * * ? *)`;
      const others = live.config.regions.map(({ name: region }) => region).filter((region) => region !== live.region.name);
      const [rule, ...more] = plan.Rules ?? [];
      const copies = new Map(rule?.CopyActions?.map((copy) => [copy.DestinationBackupVaultArn, copy.Lifecycle?.DeleteAfterDays]));
      return [
        ...differences({
          "number of rules": [more.length + (rule ? 1 : 0), 1],
          schedule: [rule?.ScheduleExpression, schedule],
          "retention in days": [rule?.Lifecycle?.DeleteAfterDays, retentionDays],
          vault: [rule?.TargetBackupVaultName, live.ownNames.of("backup_vault")],
        }),
        ...others.flatMap((region) =>
          differences({
            [`retention in days of copies in ${region}`]: [
              copies.get(vaultArn(live.names(region), region, live.config.accountId)),
              copyRetentionDays,
            ],
          }),
        ),
      ].map((violation) => `${name}: ${violation}`);
    },
  },
  {
    requirement: "The backup plan selects exactly the configured database, tables and buckets",
    requirementIds: ["S003-2.5", "S003-C1", "S004-G3", "S004-7.1", "S004-7.2", "S004-D8"],
    appliesTo: makesBackups,
    violations: async (live) => {
      const { id: BackupPlanId, name } = await planOf(live);
      const { BackupSelectionsList = [] } = await live.own.backup.send(new ListBackupSelectionsCommand({ BackupPlanId }));
      const selections = await Promise.all(
        BackupSelectionsList.map(({ SelectionId }) => live.own.backup.send(new GetBackupSelectionCommand({ BackupPlanId, SelectionId }))),
      );
      return compareSets(
        selections.flatMap(({ BackupSelection: selection }) => {
          const tags = selection?.Conditions?.StringEquals?.map(
            ({ ConditionKey, ConditionValue }) => `${ConditionKey} = ${ConditionValue}`,
          );
          return (selection?.Resources ?? []).map((arn) => withTags(arn, tags));
        }),
        live.resources("aws_backup_selection").flatMap(({ values }) => {
          const conditions = values["condition"] as readonly { string_equals: readonly { key: string; value: string }[] }[] | undefined;
          const tags = conditions?.flatMap(({ string_equals: equal }) => equal.map(({ key, value }) => `${key} = ${value}`));
          return (values["resources"] as string[]).map((arn) => withTags(arn, tags));
        }),
        { missing: `is not selected by ${name}`, extra: `is selected by ${name} and not configured` },
      );
    },
  },
  {
    requirement: "Restore testing of the database runs on the configured schedule",
    requirementIds: ["S004-9.3"],
    appliesTo: (live) => live.resources("aws_backup_restore_testing_plan").length > 0,
    violations: (live) =>
      checkEach(live.named("aws_backup_restore_testing_plan", "name"), ({ name, values }) =>
        checkResource(name, async () => {
          const { RestoreTestingPlan } = await live.own.backup.send(new GetRestoreTestingPlanCommand({ RestoreTestingPlanName: name }));
          return differences({ schedule: [RestoreTestingPlan?.ScheduleExpression, values["schedule_expression"]] });
        }),
      ),
  },
];

/** A resource that is selected only while it has all of the tags. */
function withTags(arn: string, tags: readonly string[] = []): string {
  return [arn, ...tags].join(" with ");
}

async function planOf({ own, ownNames }: LiveRegion): Promise<{ readonly id: string; readonly name: string; readonly plan: BackupPlan }> {
  const name = ownNames.of("backup_plan");
  for await (const { BackupPlansList = [] } of paginateListBackupPlans({ client: own.backup }, {})) {
    const id = BackupPlansList.find(({ BackupPlanName }) => BackupPlanName === name)?.BackupPlanId;
    if (id === undefined) continue;
    const { BackupPlan: plan } = await own.backup.send(new GetBackupPlanCommand({ BackupPlanId: id }));
    if (plan) return { id, name, plan };
  }
  throw new Missing(`${name} does not exist`);
}
