import { z } from "zod";
import { integer, numberFrom, text } from "./builders";
import { HOST_PATTERN } from "./dns";

const HEALTH_CHECKS = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html";

export const failover = z.strictObject({
  ttl_seconds: integer(1, 3600, "seconds", "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html").meta({
    about: "TTL of the DNS records in seconds.",
  }),
  health_check_interval_seconds: numberFrom([10, 30], "seconds", HEALTH_CHECKS).meta({
    about: "Interval between two checks of one Route 53 health checker, in seconds.",
    details: "A change replaces the health checks.",
  }),
  health_check_failures: integer(1, 10, "failed checks", HEALTH_CHECKS).meta({
    about: "Number of consecutive failed checks after which a region is considered lost.",
  }),
  max_failover_seconds: integer(1, 3600, "seconds").meta({
    about: "Limit for interval x failures + 6 s of a checker's timeout + TTL, in seconds. The synth rejects a larger sum.",
  }),
  fallback_host: text(HOST_PATTERN, "a host name that is available when every region is lost", "sorry.bank.net")
    .meta({ about: "A host outside the platform that DNS fails over to when every region is lost." })
    .optional(),
});
