import { z } from "zod";
import { requestPath } from "./request-path";
import { waf } from "./waf";
import { flag, integer, strings, text } from "./builders";

const HEALTH_CHECKS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html";

const healthCheck = z
  .strictObject({
    path: requestPath("returns 200 when the task can handle requests", "/health").meta({
      about: "Path that returns 200 when the task can handle requests. Route 53 requests it as well. See docs/program.md#health.",
      details: "It must not ask the database: a failover of the database would take all tasks and both regions out of service.",
    }),
    interval_seconds: integer(5, 300, "seconds", HEALTH_CHECKS).meta({
      about: "Interval and timeout in seconds, and consecutive checks that change the status of a task.",
    }),
    timeout_seconds: integer(2, 120, "seconds", HEALTH_CHECKS).meta({ allowed: "2 to 120, below the interval" }),
    healthy_threshold: integer(2, 10, "checks"),
    unhealthy_threshold: integer(2, 10, "checks"),
  })
  .meta({
    about: "Health check of the target groups.",
    details: "With the defaults, an unresponsive task receives no requests after 10 to 13 seconds: two failed checks, one every 5 seconds.",
  });

export const loadBalancer = z.strictObject({
  allowed_cidrs: strings("IPv4 ranges that may reach the load balancer", ["0.0.0.0/0"]).meta({
    about: "IPv4 ranges that may reach the load balancer.",
    details: "With narrower ranges, Route 53 health checks fail. [] needs client_prefix_list_ids in each region.",
  }),
  internal: flag.meta({
    about: "An internal load balancer, for clients in the VPC and in networks that are connected to it.",
    details:
      "For one region: health checks of Route 53 and canaries are on the internet and cannot reach it. A change replaces the load balancer, with an interruption.",
  }),
  ssl_policy: text(
    /^ELBSecurityPolicy-[A-Za-z0-9-]+$/,
    "a security policy of Elastic Load Balancing",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
  ).meta({
    about: "Security policy of the HTTPS listener.",
    details: "The default allows TLS 1.2 and 1.3 with post-quantum key exchange.",
  }),
  health_check: healthCheck,
  deregistration_delay_seconds: integer(30, 3600, "seconds").meta({
    about: "Seconds that in-flight requests have to complete when a task is deregistered.",
  }),
  idle_timeout_seconds: integer(1, 4000, "seconds").meta({
    about: "Idle timeout of a connection in seconds.",
    details: "The keep-alive timeout of the program must be longer.",
  }),
  client_keep_alive_seconds: integer(60, 604800, "seconds").meta({
    about: "Maximum duration of a client connection in seconds. It is short, so that clients resolve the name again and leave a lost zone.",
  }),
  access_log_retention_days: integer(1, 3653, "days").meta({ about: "Retention of the access logs in days." }),
  waf,
  max_latency_seconds: z.number().positive().max(300).meta({
    expected: "the 99th percentile of the response time in seconds, up to 300",
    allowed: "up to 300",
    about: "Alarm threshold for the 99th percentile of the response time, in seconds.",
  }),
});
