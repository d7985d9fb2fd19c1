import type { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { BACKUP_KEY_PURPOSE } from "../../modules/backup/vault";
import {
  Key,
  keyPolicyForAlerts,
  keyPolicyForEventBus,
  keyPolicyForFargate,
  keyPolicyForLogs,
  keyPolicyForQueues,
  keyPolicyForRunbooks,
} from "../../modules/encryption/key";
import { keyPolicyForBackupAccounts } from "../../modules/encryption/key-policy-for-backup-accounts";
import { eventBusArn } from "../../modules/events/event-bus";
import type { Statement } from "../../modules/iam/policy";
import { SESSIONS_KEY_PURPOSE } from "../../modules/sessions/sessions";
import { STORAGE_KEY_PURPOSE } from "../../modules/storage/replication";
import { logGroupPatterns } from "../log-group-patterns";

/** Statements for AWS services in the policy of each key of a region, by the purpose of the key. */
const POLICIES = {
  "alert-forwarding": () => [],
  alerts: ({ accountId }) => keyPolicyForAlerts(accountId),
  [BACKUP_KEY_PURPOSE]: () => [],
  cache: () => [],
  canaries: () => [],
  database: (_, backupAccounts) => keyPolicyForBackupAccounts(backupAccounts),
  exec: () => [],
  events: ({ names, region, accountId }) => keyPolicyForEventBus(eventBusArn(names, region, accountId)),
  images: () => [],
  logs: ({ names, region, accountId }) => [keyPolicyForLogs(region, accountId, logGroupPatterns(names))],
  parameters: () => [],
  queues: ({ accountId }) => keyPolicyForQueues(accountId),
  runbooks: () => keyPolicyForRunbooks(),
  "service-configuration": () => [],
  [SESSIONS_KEY_PURPOSE]: () => [],
  [STORAGE_KEY_PURPOSE]: () => [],
  "task-storage": ({ names, accountId }) => keyPolicyForFargate(accountId, names.of("ecs_cluster")),
  validation: () => [],
} as const satisfies Readonly<Record<string, (scope: RegionScope, backupAccounts: readonly string[]) => readonly Statement[]>>;

export type KeyPurpose = keyof typeof POLICIES;

/** The KMS keys of a region: one for each purpose, created when it is first requested. */
export class Keys {
  private readonly keys = new Map<KeyPurpose, Key>();

  constructor(
    private readonly stack: Construct,
    private readonly scope: RegionScope,
    private readonly deletionDays: number,
    /** Other accounts that receive copies of the backups. */
    private readonly backupAccounts: readonly string[],
  ) {}

  get(purpose: KeyPurpose): Key {
    const existing = this.keys.get(purpose);
    if (existing) return existing;
    const key = new Key(this.stack, `${purpose}-key`, {
      ...this.scope,
      purpose,
      deletionDays: this.deletionDays,
      statements: POLICIES[purpose](this.scope, this.backupAccounts),
    });
    this.keys.set(purpose, key);
    return key;
  }

  arn(purpose: KeyPurpose): string {
    return this.get(purpose).arn;
  }

  /** The ARNs of the keys that were requested until now, by alias. */
  arnsByAlias(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.keys.values()].map(({ alias, arn }) => [alias, arn]));
  }
}
