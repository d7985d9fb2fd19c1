import { describe, expect, it } from "@jest/globals";
import { PRESETS } from "../../config/presets";
import { EVERYTHING, MYSQL, ONE_REGION } from "../support/config";
import { failoverStack, globalStack, presetStacks, regionStack, type Synthesized } from "../support/synthesized";

/**
 * Resources with contents that cannot be created again: data, keys, logs. For Terraform, another address is another
 * resource: it destroys the one and creates the other. A change of one of these addresses needs a `moved` block, and then the new
 * address here. Database instances contain no data, but creating one takes minutes.
 */
const STATEFUL: Readonly<Record<string, readonly string[]>> = {
  aws_backup_vault: ["vault_vault"],
  aws_cloudwatch_event_archive: ["events_archive"],
  aws_cloudwatch_log_group: [
    "alert-forwarding_function_log_group",
    "backup-verification_function_log_group",
    "backup-verification_runbook_log_group",
    "cache_engine-log_group",
    "cache_slow-log_group",
    "canary-public_log_group",
    "canary-us-east-1_log_group",
    "canary-us-west-2_log_group",
    "cluster_insights-log_group",
    "database_log-audit_group",
    "database_log-error_group",
    "database_log-postgresql_group",
    "database_log-slowquery_group",
    "database_proxy_log_group",
    "health-check_runbook_log_group",
    "key-check_function_log_group",
    "load-balancer_waf_log_group",
    "network_flow-logs_log_group",
    "region-control_function_log_group",
    "region-fence_function_log_group",
    "region-takeover_runbook_log_group",
    "rewind_password-function_log_group",
    "rewind_runbook_log_group",
    "service-export_function_log_group",
    "service-ledger_log_group",
    "service-risk_log_group",
    "service_log_group",
    "validation_function_log_group",
    "zonal-shift_runbook_log_group",
  ],
  aws_dynamodb_table: ["payment-requests", "sessions"],
  aws_elasticache_replication_group: ["cache"],
  aws_kms_key: [
    "alert-forwarding-key_key",
    "alerts-key_key",
    "backup-key_key",
    "cache-key_key",
    "canaries-key_key",
    "database-key_key",
    "events-key_key",
    "logs-key_key",
    "parameters-key_key",
    "queues-key_key",
    "runbooks-key_key",
    "secret-key-us-east-1_key",
    "secret-key-us-west-2_key",
    "service-configuration-key_key",
    "sessions-key_key",
    "storage-key_key",
    "task-storage-key_key",
    "validation-key_key",
  ],
  aws_rds_cluster: ["aurora"],
  aws_rds_cluster_instance: [
    "aurora_us-east-1a",
    "aurora_us-east-1b",
    "aurora_us-east-1c",
    "aurora_us-west-2a",
    "aurora_us-west-2b",
    "aurora_us-west-2c",
  ],
  aws_rds_global_cluster: ["aurora"],
  aws_route53_zone: ["zone_zone"],
  aws_s3_bucket: [
    "access-logs_bucket",
    "application-data_bucket",
    "canary-results_bucket",
    "service-configuration_bucket",
    "transaction-logs_bucket",
  ],
  aws_secretsmanager_secret: ["alert-forwarding_endpoints", "database-secret_secret"],
  aws_sqs_queue: [
    "alert-forwarding_dead-letters_queue",
    "alert-queue_queue_queue",
    "events_dead-letters_queue",
    "rule-dead-letters_queue",
    "validation_dead-letters_queue",
  ],
};

const OWN_ZONE = {
  dns: { zone_name: "bank.net", create_zone: true },
  regions: [
    {
      ...ONE_REGION.regions[0],
      certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
    },
  ],
};

const presets = Object.keys(PRESETS).flatMap((preset) =>
  [...presetStacks(preset)].map(([name, stack]): [string, Synthesized] => [`${name} of ${preset}`, stack]),
);
/** Together they have every kind of resource. */
const every = [
  ...presets.map(([, stack]) => stack),
  regionStack(EVERYTHING),
  regionStack(MYSQL),
  failoverStack(EVERYTHING),
  globalStack(OWN_ZONE),
];

describe("what would be replaced", () => {
  it.each(presets)("in %s is visible in the review of a change: every address, by its type", (_, stack) => {
    const addresses: Record<string, string[]> = {};
    for (const { address, resourceType } of stack.all()) (addresses[resourceType] ??= []).push(address.slice(resourceType.length + 1));
    for (const list of Object.values(addresses)) list.sort();
    expect(addresses).toMatchSnapshot();
  });

  it.each(Object.entries(STATEFUL))("is never a resource with data: each %s has the same address as before", (type, pinned) => {
    const found = new Set(every.flatMap((stack) => stack.all(type).map(({ address }) => address.slice(type.length + 1))));
    expect([...found].sort()).toEqual(pinned);
  });
});
