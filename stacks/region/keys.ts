import type { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { BACKUP_KEY_PURPOSE } from "../../modules/backup/vault";
import { canaryFunctionPrefix } from "../../modules/canary/canary";
import {
  Key,
  keyPolicyForAlerts,
  keyPolicyForEventBus,
  keyPolicyForFargate,
  keyPolicyForLogs,
  keyPolicyForQueues,
  keyPolicyForRunbooks,
} from "../../modules/encryption/key";
import { eventBusArn } from "../../modules/events/event-bus";
import type { Statement } from "../../modules/iam/policy";
import { SESSIONS_KEY_PURPOSE } from "../../modules/sessions/sessions";
import { STORAGE_KEY_PURPOSE } from "../../modules/storage/replication";

/** Statements for AWS services in the policy of each key of a region, by the purpose of the key. */
const POLICIES = {
  "alert-forwarding": () => [],
  alerts: ({ accountId }) => keyPolicyForAlerts(accountId),
  [BACKUP_KEY_PURPOSE]: () => [],
  cache: () => [],
  canaries: () => [],
  database: () => [],
  events: ({ names, region, accountId }) => keyPolicyForEventBus(eventBusArn(names, region, accountId)),
  logs: ({ names, region, accountId }) => [
    keyPolicyForLogs(region, accountId, [
      names.path("*"),
      `/aws/rds/cluster/${names.of("rds_cluster")}/*`,
      `/aws/rds/proxy/${names.of("db_proxy")}`,
      `/aws/ecs/containerinsights/${names.of("ecs_cluster")}/*`,
      `/aws/elasticache/${names.of("elasticache_replication_group")}/*`,
      `/aws/lambda/${names.of("lambda_function", "*")}`,
      `/aws/lambda/${canaryFunctionPrefix(`${names.of("synthetics_canary")}-`)}*`,
      `/aws/vendedlogs/states/${names.of("sfn_state_machine", "*")}`,
      `aws-waf-logs-${names.of("wafv2_web_acl")}`,
    ]),
  ],
  parameters: () => [],
  queues: ({ accountId }) => keyPolicyForQueues(accountId),
  runbooks: () => keyPolicyForRunbooks(),
  "service-configuration": () => [],
  [SESSIONS_KEY_PURPOSE]: () => [],
  [STORAGE_KEY_PURPOSE]: () => [],
  "task-storage": ({ names, accountId }) => keyPolicyForFargate(accountId, names.of("ecs_cluster")),
  validation: () => [],
} as const satisfies Readonly<Record<string, (scope: RegionScope) => readonly Statement[]>>;

export type KeyPurpose = keyof typeof POLICIES;

/** The KMS keys of a region: one for each purpose, created when it is first requested. */
export class Keys {
  private readonly keys = new Map<KeyPurpose, Key>();

  constructor(
    private readonly stack: Construct,
    private readonly scope: RegionScope,
    private readonly deletionDays: number,
  ) {}

  get(purpose: KeyPurpose): Key {
    const existing = this.keys.get(purpose);
    if (existing) return existing;
    const key = new Key(this.stack, `${purpose}-key`, {
      ...this.scope,
      purpose,
      deletionDays: this.deletionDays,
      statements: POLICIES[purpose](this.scope),
    });
    this.keys.set(purpose, key);
    return key;
  }

  arn(purpose: KeyPurpose): string {
    return this.get(purpose).arn;
  }
}
