import { CACHE_NODES, GLOBAL_MIN_ACU, standardSupportEnd } from "./aws-limits";
import type { RawConfig } from "./schema";
import { keepsSessionsIn } from "./stores";
import { LOCKFILE_MINOR, minorVersion, WRITE_ONLY_MINOR } from "./terraform-version";

const DAYS_OF_NOTICE = 365;
const MILLISECONDS_PER_DAY = 24 * 60 * 60 * 1000;

/** What works but should be known: printed at every synth. */
export function warnings(config: RawConfig, today: Date): string[] {
  const { network, alert_emails, terraform_version, database, sessions, cache, load_balancer, canaries, validation } = config;
  const supportEnd = standardSupportEnd(database.engine, database.engine_version);
  const cached = keepsSessionsIn({ sessions }, "redis");
  const everybody = load_balancer.allowed_cidrs.includes("0.0.0.0/0");
  const nodes = cache.shards * (1 + cache.replicas);
  return [
    network.nat === "single"
      ? 'network.nat is "single": when its zone is lost, no task can pull an image or reach AWS. Only for environments that may go down.'
      : undefined,
    alert_emails.length === 0 ? "alert_emails is empty: alarms are raised, and nobody receives them." : undefined,
    minorVersion(terraform_version) < LOCKFILE_MINOR
      ? `terraform_version ${terraform_version} has no state lock in S3: two applies at once can overwrite each other.`
      : undefined,
    minorVersion(terraform_version) < WRITE_ONLY_MINOR
      ? `terraform_version ${terraform_version} leaves the database's password to RDS, which changes it every seven days: replace the tasks after each change, or raise it to 1.${WRITE_ONLY_MINOR}.`
      : undefined,
    supportEnd !== undefined && (Date.parse(supportEnd) - today.getTime()) / MILLISECONDS_PER_DAY < DAYS_OF_NOTICE
      ? `database.engine_version ${database.engine_version}: its standard support ends on ${supportEnd}. After that it is upgraded by AWS, or costs Extended Support (extended_support = true). Plan the upgrade.`
      : undefined,
    config.regions.length > 1 && database.serverless !== undefined && database.serverless.min_acu < GLOBAL_MIN_ACU
      ? `database.serverless.min_acu is ${database.serverless.min_acu}: AWS advises ${GLOBAL_MIN_ACU} for a global database, or a standby may be too small at the moment of a failover.`
      : undefined,
    cached && cache.replicas < 2
      ? "cache.replicas is 1: each shard stands in two zones of the three, and has no copy left while a lost node is replaced."
      : undefined,
    cached && nodes > CACHE_NODES.default
      ? `cache has ${nodes} nodes: above ${CACHE_NODES.default}, AWS must raise the quota "Nodes per cluster per instance type" first.`
      : undefined,
    canaries.enabled && !everybody
      ? "canaries come from addresses of AWS that are not known beforehand: with these load_balancer.allowed_cidrs they are turned away and ring their alarms."
      : undefined,
    validation.enabled && validation.reserved_concurrency !== undefined
      ? `validation.reserved_concurrency takes ${validation.reserved_concurrency} of the region's concurrent runs: AWS refuses it where fewer than 100 would be left for all other functions, as in new accounts with 10.`
      : undefined,
  ].filter((warning) => warning !== undefined);
}
