import { problemIf, type Rule } from "./rule";

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
];
