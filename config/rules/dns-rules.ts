import { CHECK_TIMEOUT_SECONDS, failoverSeconds } from "../recovery-objectives";
import { problemIf, type Rule } from "./rule";

/** Characters of the first name of a certificate, its Common Name. */
const MOST_COMMON_NAME = 64;

/** DNS names and the time of a failover. */
export const DNS_RULES: readonly Rule[] = [
  {
    reads: ["dns.zone_name"],
    check: ({ dns: { zone_name } }) =>
      problemIf(/(^|\.)example\.(com|net|org)$/.test(zone_name), {
        where: "dns.zone_name",
        given: zone_name,
        why: "is reserved for documentation, and Route 53 has no hosted zone for it",
        instead: "your own public hosted zone",
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
            why: "is missing, and presets have no default for it",
            instead: `the id of the hosted zone ${zone_name}, or create_zone = true`,
          },
        ];
      return problemIf(zone_id !== undefined && create_zone, {
        where: "dns.create_zone",
        given: true,
        why: `zone_id names an existing hosted zone: ${zone_id}`,
        instead: "create_zone = false, or remove zone_id",
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
                why: "a new hosted zone is not delegated yet, so ACM cannot validate a certificate in it: the apply waits 75 minutes and fails",
                instead: `the ARN of an issued certificate in ${name}, or create the hosted zone first and set its zone_id`,
                source: "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
              },
            ]
          : [],
      ),
  },
  {
    reads: ["dns", "regions"],
    check: ({ dns: { service_name, zone_name }, regions }) =>
      regions
        .filter(({ certificate_arn }) => certificate_arn === undefined)
        .map(({ name }) => `${name}.${service_name}.${zone_name}`)
        .filter((name) => name.length > MOST_COMMON_NAME)
        .map((given) => ({
          where: "dns.service_name",
          given,
          why: `the name of the certificate of the region has ${given.length} characters; ACM accepts at most ${MOST_COMMON_NAME}`,
          instead: "a shorter service_name or zone, or a certificate_arn for the region",
          source: "https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html",
        })),
  },
  {
    reads: ["dns.service_name"],
    check: ({ dns: { service_name, zone_name } }) =>
      problemIf(service_name === "", {
        where: "dns.service_name",
        given: "",
        why: `a CNAME is not allowed at the apex of a hosted zone (${zone_name}), and any other record there follows a failover at least 60 s later`,
        instead: 'a label below the apex, e.g. "pay", and apex = true for an alias at the apex',
        source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html",
      }),
  },
  {
    reads: ["dns.apex", "ephemeral"],
    check: ({ dns: { apex, zone_name }, ephemeral }) =>
      problemIf(apex && ephemeral, {
        where: "dns.apex",
        given: true,
        why: `${zone_name} can resolve to one environment only, and ephemeral environments share the hosted zone`,
        instead: "apex = false",
      }),
  },
  {
    reads: ["failover.fallback_host", "dns"],
    check: ({ failover: { fallback_host: given }, dns: { service_name, zone_name, apex } }) => {
      if (given === undefined) return [];
      const service = `${service_name}.${zone_name}`;
      const own = given === service || given.endsWith(`.${service}`) || (apex && given === zone_name);
      return problemIf(own, {
        where: "failover.fallback_host",
        given,
        why: "is a name of the platform itself, which is lost when every region is lost",
        instead: "a host that is served without this platform",
      });
    },
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
        why: `${failover.health_check_failures} checks every ${failover.health_check_interval_seconds} s, ${CHECK_TIMEOUT_SECONDS} s of a checker's timeout and ${failover.ttl_seconds} s of TTL are ${seconds} s`,
        instead: "health_check_interval_seconds = 10, health_check_failures = 2 and ttl_seconds = 30, which are 56 s; or a higher limit",
        source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html",
      });
    },
  },
];
