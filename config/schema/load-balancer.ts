import { z } from "zod";
import { flag, integer, strings, text } from "./builders";

const HEALTH_CHECKS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html";

const healthCheck = z
  .strictObject({
    path: text(/^\/[^\s?#]{0,1023}$/, "the path that answers 200 when the task can serve", "/health").meta({
      about: "Path that answers 200 when the task can serve.",
    }),
    interval_seconds: integer(5, 300, "seconds", HEALTH_CHECKS).meta({
      about: "Seconds between two checks and for an answer, and checks in a row that change what is known of a task.",
    }),
    timeout_seconds: integer(2, 120, "seconds", HEALTH_CHECKS).meta({ allowed: "2 to 120, below the interval" }),
    healthy_threshold: integer(2, 10, "checks"),
    unhealthy_threshold: integer(2, 10, "checks"),
  })
  .meta({
    about: "A task gets no more requests 10 to 13 seconds after it stopped answering: two failed checks, one every 5 seconds.",
  });

export const loadBalancer = z.strictObject({
  allowed_cidrs: strings("IPv4 ranges that may reach the load balancer", ["0.0.0.0/0"])
    .min(1)
    .meta({ about: "IPv4 ranges that may reach the load balancer.", details: "Narrow it and health checks of Route 53 no longer pass." }),
  ssl_policy: text(
    /^ELBSecurityPolicy-/,
    "a security policy of Elastic Load Balancing",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
  ).meta({ about: "Security policy of the HTTPS listener.", details: "The default: TLS 1.2 and 1.3 with post-quantum key exchange." }),
  health_check: healthCheck,
  deregistration_delay_seconds: integer(30, 3600, "seconds").meta({ about: "Time that open requests get when a task leaves." }),
  idle_timeout_seconds: integer(1, 4000, "seconds").meta({
    about: "Longest silence on a connection.",
    details: "The keep-alive of the program must be longer.",
  }),
  client_keep_alive_seconds: integer(60, 604800, "seconds").meta({
    about: "Longest life of a client's connection: short, so that clients ask DNS again and leave a lost zone.",
  }),
  access_log_retention_days: integer(1, 3653, "days").meta({ about: "Days until access logs are deleted." }),
  waf: flag.meta({ about: "AWS WAF with the AWS managed rules in front of the load balancer.", details: "Costs by the request." }),
  max_latency_seconds: z.number().positive().max(300).meta({
    expected: "seconds that 99 of 100 requests must stay below, up to 300",
    allowed: "up to 300",
    about: "An alarm rings when one request in a hundred takes longer.",
  }),
});
