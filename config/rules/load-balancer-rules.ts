import { problemIf, repeated, type Rule } from "./rule";

/** Policies that allow TLS 1.0 or 1.1: those with this version in the name, and those from before it was in the name. */
const OUTDATED_TLS = /^ELBSecurityPolicy-((TLS13-|TLS-|FS-)1-[01]-|(FS-)?20\d\d-\d\d$)/;

const PREFIX_LISTS = "https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html";

/** The load balancer. */
export const LOAD_BALANCER_RULES: readonly Rule[] = [
  {
    reads: ["load_balancer.health_check"],
    check: ({ load_balancer: { health_check } }) =>
      problemIf(health_check.timeout_seconds >= health_check.interval_seconds, {
        where: "load_balancer.health_check.timeout_seconds",
        given: health_check.timeout_seconds,
        why: `is not below the interval (${health_check.interval_seconds} s); Elastic Load Balancing rejects this at apply`,
        instead: `timeout_seconds = ${Math.max(2, health_check.interval_seconds - 2)}, or a longer interval`,
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
      }),
  },
  {
    reads: ["load_balancer.ssl_policy"],
    check: ({ load_balancer: { ssl_policy } }) =>
      problemIf(ssl_policy.startsWith("ELBSecurityPolicy-TLS13-1-3-"), {
        where: "load_balancer.ssl_policy",
        given: ssl_policy,
        why: "allows TLS 1.3 only; Route 53 health checkers need TLS 1.2 or lower, so DNS would fail over although the region is healthy",
        instead: '"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"',
        source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
      }),
  },
  {
    reads: ["load_balancer.ssl_policy"],
    check: ({ load_balancer: { ssl_policy } }) =>
      problemIf(OUTDATED_TLS.test(ssl_policy), {
        where: "load_balancer.ssl_policy",
        given: ssl_policy,
        why: "allows TLS 1.0 or 1.1, which PCI DSS and the IETF reject",
        instead: '"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", which allows TLS 1.2 and 1.3',
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
      }),
  },
  {
    reads: ["load_balancer.allowed_cidrs", "regions"],
    check: ({ load_balancer: { allowed_cidrs }, regions }) =>
      regions.flatMap(({ client_prefix_list_ids = [] }, index) => [
        ...problemIf(allowed_cidrs.length === 0 && client_prefix_list_ids.length === 0, {
          where: `regions[${index}].client_prefix_list_ids`,
          given: client_prefix_list_ids,
          why: "no client may reach the load balancer of the region: load_balancer.allowed_cidrs is empty too",
          instead: 'ids of prefix lists, e.g. ["pl-0123456789abcdef0"], or ranges in load_balancer.allowed_cidrs',
          source: PREFIX_LISTS,
        }),
        ...client_prefix_list_ids
          .filter((id) => !/^pl-[0-9a-f]{8,17}$/.test(id))
          .map((given) => ({
            where: `regions[${index}].client_prefix_list_ids`,
            given,
            why: "is not the id of a prefix list",
            instead: '"pl-" and up to 17 hexadecimal digits',
            source: PREFIX_LISTS,
          })),
        ...repeated(client_prefix_list_ids).map((given) => ({
          where: `regions[${index}].client_prefix_list_ids`,
          given,
          why: "is twice in the list; AWS rejects a second rule with the same prefix list at apply",
          instead: "each id once",
          source: PREFIX_LISTS,
        })),
      ]),
  },
  {
    reads: ["load_balancer.internal", "regions", "canaries", "failover"],
    check: ({ load_balancer: { internal: given }, regions, canaries, failover }) => {
      if (!given) return [];
      const where = "load_balancer.internal";
      return [
        ...problemIf(regions.length > 1, {
          where,
          given,
          why: "the health checkers of Route 53 are on the internet and cannot reach an internal load balancer, so DNS could not fail over to another region",
          instead: "one region; or internal = false, with the ranges of the clients and of the health checkers in allowed_cidrs",
          source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-router-firewall-rules.html",
        }),
        ...problemIf(failover.fallback_host !== undefined, {
          where,
          given,
          why: "failover.fallback_host needs a health check of Route 53, which cannot reach an internal load balancer",
          instead: "remove failover.fallback_host, or internal = false",
        }),
        ...problemIf(canaries.enabled, {
          where,
          given,
          why: "the canaries are on the internet and cannot reach an internal load balancer",
          instead: "canaries = { enabled = false }, or internal = false",
        }),
      ];
    },
  },
];
