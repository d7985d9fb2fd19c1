import { BackupClient, type BackupPlan } from "@aws-sdk/client-backup";
import { describe, expect, it } from "@jest/globals";
import { BACKUPS } from "../../../commands/verify/checks/backups";
import type { LiveRegion } from "../../../commands/verify/live-region";
import { Names } from "../../../config/naming";
import { DENIED_ACTIONS, protectedVaultPolicy } from "../../../modules/backup/vault-policy";
import { aConfig, twoRegions } from "../../support/config";

const OTHER = "arn:aws:backup:us-west-2:123456789012:backup-vault:vault-test-1";

/** The violations of a requirement in the first of two regions, if AWS Backup gives these answers. */
async function violations(
  requirement: string,
  answers: Readonly<Record<string, object>>,
  overrides: object = {},
): Promise<readonly string[]> {
  const config = aConfig({ ...twoRegions("hot"), ...overrides });
  const send = ({ constructor: { name } }: object) => Promise.resolve(answers[name] ?? {});
  const live = {
    config,
    region: config.regions[0],
    ownNames: new Names("test-1", "us-east-1", "123456789012"),
    own: { backup: Object.assign(new BackupClient({ region: "us-east-1" }), { send }) },
  } as unknown as LiveRegion;
  const check = BACKUPS.find((each) => each.requirement === requirement);
  return check?.appliesTo?.(live) ? check.violations(live) : ["does not apply"];
}

const ofPlan = (Rules: BackupPlan["Rules"]) =>
  violations("The backup plan has the configured schedule, retention and cross-region copies", {
    ListBackupPlansCommand: { BackupPlansList: [{ BackupPlanName: "backup-plan-test-1", BackupPlanId: "1" }] },
    GetBackupPlanCommand: { BackupPlan: { Rules } },
  });

const rule = {
  RuleName: "every-6-hours",
  ScheduleExpression: "cron(0 6,12,18 * * ? *)",
  TargetBackupVaultName: "vault-test-1",
  Lifecycle: { DeleteAfterDays: 35 },
};
const copied = {
  ...rule,
  RuleName: "copied-every-24-hours",
  ScheduleExpression: "cron(0 0 * * ? *)",
  CopyActions: [{ DestinationBackupVaultArn: OTHER, Lifecycle: { DeleteAfterDays: 35 } }],
};

describe("the backup plan of a region", () => {
  it("is as configured with a rule without copies and a daily one with them", async () => {
    expect(await ofPlan([rule, copied])).toEqual([]);
  });

  it.each<[string, BackupPlan["Rules"], readonly string[]]>([
    ["without the daily rule", [rule], ["backup-plan-test-1: copied-every-24-hours is missing"]],
    ["with a rule more", [rule, copied, { ...rule, RuleName: "extra" }], ["backup-plan-test-1: extra is not configured"]],
    [
      "with a copy of every backup",
      [{ ...rule, CopyActions: copied.CopyActions }, copied],
      [`backup-plan-test-1: every-6-hours: ${OTHER} receives copies and is not configured`],
    ],
    [
      "without copies",
      [rule, { ...copied, CopyActions: [] }],
      [
        `backup-plan-test-1: copied-every-24-hours: retention in days of copies in ${OTHER} is not set, not 35`,
        `backup-plan-test-1: copied-every-24-hours: ${OTHER} receives no copies`,
      ],
    ],
    [
      "with another schedule",
      [rule, { ...copied, ScheduleExpression: "cron(0 1 * * ? *)" }],
      ["backup-plan-test-1: copied-every-24-hours: schedule is cron(0 1 * * ? *), not cron(0 0 * * ? *)"],
    ],
  ])("is not as configured %s", async (_, rules, expected) => {
    expect(await ofPlan(rules)).toEqual(expected);
  });
});

describe("the backup vault of a region", () => {
  const locked = (vault_lock: object = { mode: "governance", min_retention_days: 7 }) => ({ protect: true, backup: { vault_lock } });
  const ofLock = (DescribeBackupVaultCommand: object, overrides: object) =>
    violations("The backup vault is locked as configured", { DescribeBackupVaultCommand }, overrides);
  const ofPolicy = (Statement: readonly object[], overrides: object) =>
    violations(
      "The policy of the backup vault denies the deletion of backups",
      { GetBackupVaultAccessPolicyCommand: { Policy: JSON.stringify({ Statement }) } },
      overrides,
    );

  it("is locked with the configured limits", async () => {
    expect(await ofLock({ Locked: true, MinRetentionDays: 7 }, locked())).toEqual([]);
    expect(await ofLock({ Locked: false, MaxRetentionDays: 35 }, locked())).toEqual([
      "vault-test-1: locked is false, not true",
      "vault-test-1: minimum retention in days is not set, not 7",
      "vault-test-1: maximum retention in days is 35, not not set",
    ]);
    expect(await ofLock({}, {})).toEqual(["does not apply"]);
  });

  it("denies with protect what deletes backups", async () => {
    const [statement] = (JSON.parse(protectedVaultPolicy("123456789012", "test-1")) as { Statement: object[] }).Statement;
    expect(await ofPolicy([{ ...statement }], { protect: true })).toEqual([]);
    expect(await ofPolicy([{ ...statement, Action: DENIED_ACTIONS.slice(1) }], { protect: true })).toEqual([
      "vault-test-1: does not deny backup:DeleteBackupVault",
    ]);
    expect(await ofPolicy([{ ...statement, Effect: "Allow" }], { protect: true })).toHaveLength(DENIED_ACTIONS.length);
    expect(await ofPolicy([], {})).toEqual(["does not apply"]);
  });
});
