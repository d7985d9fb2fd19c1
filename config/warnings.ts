import { CACHE_NODES, GLOBAL_MIN_ACU, standardSupportEnd } from "./aws-limits";
import type { RawConfig } from "./schema";
import { keepsSessionsIn } from "./stores";
import { LOCKFILE_MINOR, minorVersion, WRITE_ONLY_MINOR } from "./terraform-version";

const DAYS_OF_NOTICE = 365;
const MILLISECONDS_PER_DAY = 24 * 60 * 60 * 1000;

/** Warnings about valid configurations. Every synth prints them. */
export function warnings(config: RawConfig, today: Date): string[] {
  const { network, alert_emails, terraform_version, database, sessions, cache, load_balancer, canaries, validation } = config;
  const supportEnd = standardSupportEnd(database.engine, database.engine_version);
  const cached = keepsSessionsIn({ sessions }, "redis");
  const allAddresses = load_balancer.allowed_cidrs.includes("0.0.0.0/0");
  const nodes = cache.shards * (1 + cache.replicas);
  return [
    network.nat === "single"
      ? 'network.nat is "single": when its zone is lost, no task can pull an image or reach AWS. Use it only for environments without availability requirements.'
      : undefined,
    alert_emails.length === 0 ? "alert_emails is empty: alarms notify no recipient." : undefined,
    minorVersion(terraform_version) < LOCKFILE_MINOR
      ? `terraform_version ${terraform_version} does not lock the state in S3: concurrent applies can overwrite each other.`
      : undefined,
    minorVersion(terraform_version) < WRITE_ONLY_MINOR
      ? `terraform_version ${terraform_version}: RDS manages the database password and rotates it every seven days. Replace the tasks after each rotation, or use 1.${WRITE_ONLY_MINOR}.`
      : undefined,
    supportEnd !== undefined && (Date.parse(supportEnd) - today.getTime()) / MILLISECONDS_PER_DAY < DAYS_OF_NOTICE
      ? `database.engine_version ${database.engine_version}: its standard support ends on ${supportEnd}. After that, AWS upgrades the cluster, or charges Extended Support (extended_support = true). Plan the upgrade.`
      : undefined,
    config.regions.length > 1 && database.serverless !== undefined && database.serverless.min_acu < GLOBAL_MIN_ACU
      ? `database.serverless.min_acu is ${database.serverless.min_acu}: AWS recommends at least ${GLOBAL_MIN_ACU} for a global database. With less, a standby can be too small at the moment of a failover.`
      : undefined,
    cached && cache.replicas < 2
      ? "cache.replicas is 1: each shard is in two of the three zones, and has no second copy while a lost node is replaced."
      : undefined,
    cached && nodes > CACHE_NODES.default
      ? `cache has ${nodes} nodes: more than ${CACHE_NODES.default} require an increase of the quota "Nodes per cluster per instance type".`
      : undefined,
    canaries.enabled && !allAddresses
      ? "canaries use AWS addresses that are not known in advance: these load_balancer.allowed_cidrs block them, so the canary alarms will fire."
      : undefined,
    validation.enabled && validation.reserved_concurrency !== undefined
      ? `validation.reserved_concurrency reserves ${validation.reserved_concurrency} of the region's concurrent executions: AWS rejects it if fewer than 100 remain for all other functions, as in new accounts with 10.`
      : undefined,
  ].filter((warning) => warning !== undefined);
}
