import { z } from "zod";
import { integer, numberFrom, text } from "./builders";
import { HOST_PATTERN } from "./dns";

const HEALTH_CHECKS = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html";

export const failover = z.strictObject({
  ttl_seconds: integer(1, 3600, "seconds", "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html").meta({
    about: "How long clients may keep an answer of DNS.",
  }),
  health_check_interval_seconds: numberFrom([10, 30], "seconds", HEALTH_CHECKS).meta({
    about: "Time between two checks of one health checker.",
    details: "A change replaces the checks.",
  }),
  health_check_failures: integer(1, 10, "failed checks", HEALTH_CHECKS).meta({
    about: "So many failed checks in a row mean that a region is lost.",
  }),
  max_failover_seconds: integer(1, 3600, "seconds").meta({
    about: "The synth is refused when interval x failures + TTL is more.",
  }),
  fallback_host: text(HOST_PATTERN, "a host name that answers when every region is lost", "sorry.bank.net")
    .meta({ about: "A host outside the platform that answers when every region is lost." })
    .optional(),
});
