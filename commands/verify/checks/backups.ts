import {
  type BackupPlan,
  type BackupRule,
  DescribeBackupVaultCommand,
  GetBackupVaultAccessPolicyCommand,
  GetBackupPlanCommand,
  GetBackupSelectionCommand,
  GetRestoreTestingPlanCommand,
  ListBackupSelectionsCommand,
  paginateListBackupPlans,
} from "@aws-sdk/client-backup";
import { backupSchedules } from "../../../config/backup-schedule";
import { copyVaultArns } from "../../../config/backup-copies";
import { BACKUP_KEY_PURPOSE } from "../../../modules/backup/vault";
import { DENIED_ACTIONS } from "../../../modules/backup/vault-policy";
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
    requirement: "The policy of the backup vault denies the deletion of backups",
    requirementIds: [],
    option: "protect",
    appliesTo: ({ config }) => config.backup.enabled && config.protect,
    violations: ({ own, ownNames }) => {
      const BackupVaultName = ownNames.of("backup_vault");
      return checkResource(BackupVaultName, async () => {
        const { Policy = "{}" } = await own.backup.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName }));
        const { Statement = [] } = JSON.parse(Policy) as { Statement?: readonly { Effect: string; Action: string | readonly string[] }[] };
        const denied = Statement.filter(({ Effect }) => Effect === "Deny").flatMap(({ Action }) => Action);
        return DENIED_ACTIONS.filter((action) => !denied.includes(action)).map((action) => `does not deny ${action}`);
      });
    },
  },
  {
    requirement: "The backup vault is locked as configured",
    requirementIds: [],
    option: "backup.vault_lock",
    appliesTo: ({ config }) => config.backup.enabled && config.backup.vaultLock !== undefined,
    violations: ({ own, ownNames, config: { backup } }) => {
      const BackupVaultName = ownNames.of("backup_vault");
      return checkResource(BackupVaultName, async () => {
        const vault = await own.backup.send(new DescribeBackupVaultCommand({ BackupVaultName }));
        return differences({
          locked: [vault.Locked, true],
          "minimum retention in days": [vault.MinRetentionDays, backup.vaultLock?.minRetentionDays],
          "maximum retention in days": [vault.MaxRetentionDays, backup.vaultLock?.maxRetentionDays],
        });
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
      const { everyHours, copyEveryHours } = live.config.backup;
      const vaultArns = copyVaultArns(live.config, live.ownNames, live.region.name);
      const schedules = backupSchedules(everyHours, vaultArns.length > 0 ? copyEveryHours : undefined);
      const rules = new Map(plan.Rules?.map((rule) => [rule.RuleName ?? "", rule]));
      return [
        ...compareSets(
          rules.keys(),
          schedules.map(({ ruleName }) => ruleName),
          { missing: "is missing", extra: "is not configured" },
        ),
        ...schedules.flatMap(({ ruleName, schedule, copied }) =>
          compareRule(live, rules.get(ruleName), schedule, copied ? vaultArns : []).map((violation) => `${ruleName}: ${violation}`),
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

function compareRule(
  { config, ownNames }: LiveRegion,
  rule: BackupRule | undefined,
  schedule: string,
  vaultArns: readonly string[],
): string[] {
  if (!rule) return [];
  const { retentionDays, copyRetentionDays } = config.backup;
  const copies = new Map(rule.CopyActions?.map((copy) => [copy.DestinationBackupVaultArn ?? "", copy.Lifecycle?.DeleteAfterDays]));
  return [
    ...differences({
      schedule: [rule.ScheduleExpression, schedule],
      "retention in days": [rule.Lifecycle?.DeleteAfterDays, retentionDays],
      vault: [rule.TargetBackupVaultName, ownNames.of("backup_vault")],
      ...Object.fromEntries(
        vaultArns.map((arn) => [`retention in days of copies in ${arn}`, [copies.get(arn), copyRetentionDays] as const]),
      ),
    }),
    ...compareSets(copies.keys(), vaultArns, { missing: "receives no copies", extra: "receives copies and is not configured" }),
  ];
}

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
