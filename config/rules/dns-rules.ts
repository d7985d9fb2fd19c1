import { failoverSeconds } from "../recovery-objectives";
import { problemIf, type Rule } from "./rule";

/** Names, and the time until they lead elsewhere. */
export const DNS_RULES: readonly Rule[] = [
  {
    reads: ["dns.zone_name"],
    check: ({ dns: { zone_name } }) =>
      problemIf(/(^|\.)example\.(com|net|org)$/.test(zone_name), {
        where: "dns.zone_name",
        given: zone_name,
        why: "is reserved for documentation, and Route 53 holds no zone for it",
        instead: "a public zone of your own",
        source: "https://www.rfc-editor.org/rfc/rfc2606",
      }),
  },
  {
    reads: ["dns"],
    check: ({ dns: { zone_id, create_zone, zone_name } }) => {
      if (zone_id === undefined && !create_zone)
        return [
          {
            where: "dns.zone_id",
            why: "is missing, and no preset can know it",
            instead: `the id of the zone ${zone_name}, or create_zone = true`,
          },
        ];
      return problemIf(zone_id !== undefined && create_zone, {
        where: "dns.create_zone",
        given: true,
        why: `there is a zone already: ${zone_id}`,
        instead: "create_zone = false, or no zone_id",
      });
    },
  },
  {
    reads: ["dns.create_zone", "regions"],
    check: ({ dns: { create_zone }, regions }) =>
      regions.flatMap(({ name, certificate_arn }, index) =>
        create_zone && certificate_arn === undefined
          ? [
              {
                where: `regions[${index}].certificate_arn`,
                why: `a zone that is being made is not delegated yet, and a certificate cannot be proven in it: the deploy would wait 75 minutes and fail`,
                instead: `the ARN of an issued certificate in ${name}, or create the zone first and give its zone_id`,
                source: "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
              },
            ]
          : [],
      ),
  },
  {
    reads: ["dns.service_name"],
    check: ({ dns: { service_name, zone_name } }) =>
      problemIf(service_name === "", {
        where: "dns.service_name",
        given: "",
        why: `a CNAME cannot stand at the apex of a zone (${zone_name}), and any other record there is at least 60 s slow to follow a failover`,
        instead: 'a label below it, e.g. "pay", and apex = true to let the apex follow at its own pace',
        source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html",
      }),
  },
  {
    reads: ["dns.apex", "ephemeral"],
    check: ({ dns: { apex, zone_name }, ephemeral }) =>
      problemIf(apex && ephemeral, {
        where: "dns.apex",
        given: true,
        why: `${zone_name} can lead to one environment only, and ephemeral ones share the zone`,
        instead: "apex = false",
      }),
  },
  {
    reads: ["failover", "regions"],
    check: (config) => {
      const seconds = failoverSeconds(config);
      const { failover, regions } = config;
      if (regions.length === 1 && failover.fallback_host === undefined) return [];
      return problemIf(seconds > failover.max_failover_seconds, {
        where: "failover.max_failover_seconds",
        given: failover.max_failover_seconds,
        why: `${failover.health_check_failures} checks every ${failover.health_check_interval_seconds} s and ${failover.ttl_seconds} s of TTL make ${seconds} s`,
        instead: "health_check_interval_seconds = 10, health_check_failures = 2 and ttl_seconds = 30 make 50; or a limit that can be met",
        source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html",
      });
    },
  },
];
