import { CACHE_NODES, GLOBAL_MIN_ACU, INSIGHTS_MIN_ACU, standardSupportEnd } from "./aws-limits";
import { ANYWHERE } from "./cidr";
import { unlistedValues } from "./dated-lists";
import { failoverAlertsRegion } from "./failover-alerts";
import { scalingWarnings } from "./scaling-warnings";
import type { RawConfig } from "./schema";
import { keepsSessionsIn } from "./stores";
import { LOCKFILE_MINOR, minorVersion, WRITE_ONLY_MINOR } from "./terraform-version";
import { WAF_RULE_GROUPS, WAF_RULES, WAF_RULES_MONTH } from "./waf";

const DAYS_OF_NOTICE = 365;
const MILLISECONDS_PER_DAY = 24 * 60 * 60 * 1000;

/** Warnings about valid configurations. Every synth prints them. */
export function warnings(config: RawConfig, today: Date): string[] {
  const { network, alert_emails, terraform_version, database, sessions, cache, load_balancer, canaries, validation, monitoring, regions } =
    config;
  const supportEnd = standardSupportEnd(database.engine, database.engine_version);
  const cached = keepsSessionsIn({ sessions }, "redis");
  const allAddresses = load_balancer.allowed_cidrs.includes(ANYWHERE);
  const nodes = cache.shards * (1 + cache.replicas);
  return [
    ...unlistedValues(config),
    ...scalingWarnings(config),
    network.nat === "single" && !regions.some(({ vpc }) => vpc)
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
    config.regions.length === 1 && database.serverless !== undefined && database.serverless.min_acu < INSIGHTS_MIN_ACU
      ? `database.serverless.min_acu is ${database.serverless.min_acu}: AWS recommends at least ${INSIGHTS_MIN_ACU} with Performance Insights, which is always enabled. With less, an idle instance can run out of memory.`
      : undefined,
    cached && cache.replicas < 2
      ? "cache.replicas is 1: each shard is in two of the three zones, and has no second copy while a lost node is replaced."
      : undefined,
    cached && nodes > CACHE_NODES.default
      ? `cache has ${nodes} nodes: more than ${CACHE_NODES.default} require an increase of the quota "Nodes per cluster per instance type".`
      : undefined,
    network.outbound_cidrs.length > 0 && !network.outbound_cidrs.includes(ANYWHERE)
      ? `network.outbound_cidrs is narrower than ${ANYWHERE}: tasks reach a registry or an AWS service only in these ranges, or through an interface endpoint.`
      : undefined,
    load_balancer.waf.enabled && load_balancer.waf.mode === "count"
      ? 'load_balancer.waf.mode is "count": AWS WAF rejects no request. Set it to "block" after the trial.'
      : undefined,
    ...unlistedWafRules(load_balancer.waf),
    canaries.enabled && !allAddresses
      ? "canaries use AWS addresses that are not known in advance: these load_balancer.allowed_cidrs block them, so the canary alarms will fire."
      : undefined,
    canaries.enabled && canaries.path === load_balancer.health_check.path
      ? `canaries.path is ${canaries.path}, the path of the health check. If it asks the database, a failover of the database takes all tasks and both regions out of service; otherwise no canary notices a database that fails. Use two paths (docs/program.md#health).`
      : undefined,
    (monitoring.chat || monitoring.queue) && failoverAlertsRegion(regions) === undefined
      ? "monitoring.chat and monitoring.queue do not receive the alarms on health checks, which are in us-east-1: SNS does not deliver from there to opt-in regions. They are sent by e-mail only."
      : undefined,
    validation.enabled && validation.reserved_concurrency !== undefined
      ? `validation.reserved_concurrency reserves ${validation.reserved_concurrency} of the region's concurrent executions: AWS rejects it if fewer than 100 remain for all other functions, as in new accounts with 10.`
      : undefined,
  ].filter((warning) => warning !== undefined);
}

/** AWS adds rules to its groups. A rule whose name is not in the list is a warning of its own: AWS rejects no name. */
function unlistedWafRules({ counted_rules }: RawConfig["load_balancer"]["waf"]): string[] {
  return WAF_RULE_GROUPS.flatMap((group) =>
    (counted_rules[group] ?? [])
      .filter((rule) => !WAF_RULES[group].includes(rule))
      .map(
        (rule) =>
          `load_balancer.waf.counted_rules.${group}: ${rule} is not in the list of ${WAF_RULES_MONTH}. AWS WAF ignores a name that is no rule, without an error. Compare it with: aws wafv2 describe-managed-rule-group --vendor-name AWS --scope REGIONAL --name ${group}`,
      ),
  );
}
