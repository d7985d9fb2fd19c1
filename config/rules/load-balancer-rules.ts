import { problemIf, type Rule } from "./rule";

/** Policies that allow TLS 1.0 or 1.1: those with this version in the name, and those from before it was in the name. */
const OUTDATED_TLS = /^ELBSecurityPolicy-((TLS13-|TLS-|FS-)1-[01]-|(FS-)?20\d\d-\d\d$)/;

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
];
