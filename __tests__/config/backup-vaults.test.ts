import { expect, it } from "@jest/globals";
import { accountsOf, parseVaultArn } from "../../config/backup-vaults";
import { ONE_REGION } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";

const vault = (region: string, account = "210987654321"): string => `arn:aws:backup:${region}:${account}:backup-vault:payments`;
const lock = (more: object) => ({ protect: true, backup: { vault_lock: { mode: "governance", min_retention_days: 7, ...more } } });
const copies = (...copy_vault_arns: readonly string[]) => ({ backup: { copy_vault_arns } });

describeInvalidConfigs([
  {
    title: "a vault lock in an environment without protect",
    bad: { ...lock({}), protect: false },
    where: "backup.vault_lock",
    says: /cannot be destroyed.*protect = true/s,
    good: lock({}),
  },
  {
    title: "compliance mode without the days until it is final",
    bad: lock({ mode: "compliance" }),
    where: "backup.vault_lock",
    says: /days after which it cannot be removed.*changeable_for_days = 7/s,
    good: lock({ mode: "compliance", changeable_for_days: 3 }),
  },
  {
    title: "governance mode that becomes final",
    bad: lock({ changeable_for_days: 7 }),
    where: "backup.vault_lock",
    says: /otherwise in governance mode.*mode = "governance" without it/s,
    good: lock({}),
  },
  {
    title: "a grace time that AWS rejects",
    bad: lock({ mode: "compliance", changeable_for_days: 2 }),
    where: "backup.vault_lock.changeable_for_days",
    says: /3 to 36500/,
    good: lock({ mode: "compliance", changeable_for_days: 3 }),
  },
  ...["retention_days", "copy_retention_days"].flatMap((key) => [
    {
      title: `${key} below the minimum of the lock`,
      bad: { protect: true, backup: { vault_lock: { mode: "governance", min_retention_days: 20 }, [key]: 14 } },
      where: `backup.${key}`,
      says: /20 days or more: every job would fail/,
      good: { protect: true, backup: { vault_lock: { mode: "governance", min_retention_days: 14 }, [key]: 14 } },
    },
    {
      title: `${key} above the maximum of the lock`,
      bad: { protect: true, backup: { vault_lock: { mode: "governance", min_retention_days: 7, max_retention_days: 35 }, [key]: 36 } },
      where: `backup.${key}`,
      says: /7 to 35 days: every job would fail/,
      good: { protect: true, backup: { vault_lock: { mode: "governance", min_retention_days: 7, max_retention_days: 36 }, [key]: 36 } },
    },
  ]),
  {
    title: "a vault lock without backups",
    bad: { ...lock({}), backup: { ...lock({}).backup, enabled: false } },
    where: "backup.enabled",
    says: /remove vault_lock and copy_vault_arns/,
    good: lock({}),
  },
  {
    title: "copies in another account without backups",
    bad: { ...ONE_REGION, backup: { enabled: false, copy_vault_arns: [vault("us-east-1")] } },
    where: "backup.enabled",
    says: /disables the backups/,
    good: { ...ONE_REGION, backup: { enabled: false } },
  },
  {
    title: "a vault of the same account",
    bad: { ...ONE_REGION, ...copies(vault("us-east-1", "123456789012")) },
    where: "backup.copy_vault_arns",
    says: /in the account of the platform.*another account/s,
    good: { ...ONE_REGION, ...copies(vault("us-east-1")) },
  },
  {
    title: "a vault in another account and another region",
    bad: { ...ONE_REGION, ...copies(vault("eu-west-1")) },
    where: "backup.copy_vault_arns",
    says: /in one step.*a vault in us-east-1/s,
    good: { ...ONE_REGION, ...copies(vault("us-east-1")) },
  },
  {
    title: "a region without a vault in another account",
    bad: copies(vault("us-east-1")),
    where: "backup.copy_vault_arns",
    says: /no vault in us-west-2: after a takeover.*one vault for each region/s,
    good: copies(vault("us-east-1"), vault("us-west-2")),
  },
  {
    title: "a text that is no ARN of a vault",
    bad: { ...ONE_REGION, ...copies("arn:aws:backup:us-east-1:210987654321:vault:payments") },
    where: "backup.copy_vault_arns[0]",
    says: /ARNs? of (a )?backup vaults?/,
    good: { ...ONE_REGION, ...copies() },
  },
]);

it("reads region and account from the ARN of a vault, and no other text", () => {
  expect(parseVaultArn(vault("us-gov-west-1"))).toEqual({ region: "us-gov-west-1", account: "210987654321" });
  expect(accountsOf([vault("us-east-1"), vault("us-west-2"), vault("us-east-1", "111122223333")])).toEqual([
    "210987654321",
    "111122223333",
  ]);
  expect(() => parseVaultArn("vault")).toThrow("vault is not the ARN of a backup vault");
});
