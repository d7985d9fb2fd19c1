import { AURORA_POSTGRESQL_VERSIONS, FARGATE_MEMORY_MIB, GLOBAL_DATABASE_CLASS, OWN_TAGS } from "./aws-limits";
import { type Cidr, LARGEST_VPC_PREFIX, overlaps, parseCidr, SMALLEST_VPC_PREFIX, ZONE_SLOTS } from "./cidr";
import type { Problem } from "./errors";
import { failoverSeconds } from "./promises";
import { isZoneOf, LEAST_ZONES } from "./regions";
import type { RawConfig } from "./schema";

/**
 * What more than one key decides, and what AWS refuses only at apply: each rule of this list stands for an apply that
 * would have failed after a clean plan, or for a platform that would not survive what it is built to survive.
 */
export interface Rule {
  /** Keys that the rule looks at; it is skipped while one of them has a problem of its own. */
  readonly reads: readonly string[];
  check(config: RawConfig): Problem[];
}

const TASKS_PER_ZONE = 2;
const LEAST_BACKUP_DAYS = 7;

export const RULES: readonly Rule[] = [
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.flatMap(({ name, availability_zones: zones }, index) => {
        const where = `regions[${index}].availability_zones`;
        const example = `availability_zones = ${JSON.stringify(["a", "b", "c"].map((letter) => name + letter))}`;
        const source = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html";
        const strangers = zones.filter((zone) => !isZoneOf(name, zone));
        const problems: Problem[] = [];
        if (strangers.length > 0)
          problems.push({
            where,
            given: strangers,
            why: `${strangers.join(", ")} is not an availability zone of ${name}`,
            instead: example,
          });
        if (new Set(zones).size < zones.length)
          problems.push({
            where,
            given: zones,
            why: "a zone is named twice, so its loss would take two shares of the platform",
            instead: example,
          });
        if (zones.length < LEAST_ZONES)
          problems.push({
            where,
            given: zones,
            why: `${zones.length} zones cannot carry a writer and two readers apart from each other; at least ${LEAST_ZONES} are needed`,
            instead: example,
            source,
          });
        if (zones.length > ZONE_SLOTS)
          problems.push({
            where,
            given: zones,
            why: `the address plan has room for ${ZONE_SLOTS} zones`,
            instead: `keep ${ZONE_SLOTS} of them`,
          });
        return problems;
      }),
  },
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.flatMap(({ name }, index) =>
        regions.findIndex((other) => other.name === name) < index
          ? [
              {
                where: `regions[${index}].name`,
                given: name,
                why: "the region is listed twice; a standby in the primary's region is lost with it",
                instead: "another region, or remove this entry",
              },
            ]
          : [],
      ),
  },
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.flatMap(({ vpc_cidr: given }, index) => {
        const where = `regions[${index}].vpc_cidr`;
        const source = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html";
        const range = parseCidr(given);
        if (!range)
          return [
            {
              where,
              given,
              why: "is not an IPv4 range, or has bits set behind its prefix",
              instead: 'a range such as "10.0.0.0/16"',
              source,
            },
          ];
        if (range.prefix > SMALLEST_VPC_PREFIX)
          return [
            {
              where,
              given,
              why: `is too small: three tiers over ${ZONE_SLOTS} zones need a /${SMALLEST_VPC_PREFIX} or larger`,
              instead: `"${given.split("/")[0]}/${LARGEST_VPC_PREFIX}"`,
              source,
            },
          ];
        if (range.prefix < LARGEST_VPC_PREFIX)
          return [
            {
              where,
              given,
              why: `is larger than the /${LARGEST_VPC_PREFIX} that a VPC can have`,
              instead: `a range of /${LARGEST_VPC_PREFIX} to /${SMALLEST_VPC_PREFIX}`,
              source,
            },
          ];
        if (!isPrivate(range))
          return [
            {
              where,
              given,
              why: "is not a private range: addresses of others on the internet would become unreachable",
              instead: 'a range within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, e.g. "10.0.0.0/16"',
              source,
            },
          ];
        return [];
      }),
  },
  {
    reads: ["regions", "network.reserved_cidrs"],
    check: ({ regions, network }) => {
      const taken = [
        ...network.reserved_cidrs.map((cidr, index) => ({ where: `network.reserved_cidrs[${index}]`, cidr })),
        ...regions.map(({ vpc_cidr: cidr }, index) => ({ where: `regions[${index}].vpc_cidr`, cidr })),
      ];
      return taken.flatMap(({ where, cidr }, index) => {
        const range = parseCidr(cidr);
        if (!range)
          return where.startsWith("network")
            ? [
                {
                  where,
                  given: cidr,
                  why: "is not an IPv4 range, or has bits set behind its prefix",
                  instead: 'a range such as "10.8.0.0/16"',
                },
              ]
            : [];
        const clash = taken.slice(0, index).find((other) => {
          const otherRange = parseCidr(other.cidr);
          return (
            otherRange !== undefined && !(where.startsWith("network") && other.where.startsWith("network")) && overlaps(range, otherRange)
          );
        });
        return clash
          ? [
              {
                where,
                given: cidr,
                why: `overlaps ${clash.cidr} of ${clash.where}, so the two networks could never be joined`,
                instead: "a range of its own",
                source: "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
              },
            ]
          : [];
      });
    },
  },
  {
    reads: ["front_door.allowed_cidrs", "network.outbound_cidrs"],
    check: ({ front_door: { allowed_cidrs }, network: { outbound_cidrs } }) =>
      Object.entries({ "front_door.allowed_cidrs": allowed_cidrs, "network.outbound_cidrs": outbound_cidrs }).flatMap(([key, cidrs]) =>
        cidrs.flatMap((cidr, index) =>
          parseCidr(cidr)
            ? []
            : [
                {
                  where: `${key}[${index}]`,
                  given: cidr,
                  why: "is not an IPv4 range, or has bits set behind its prefix",
                  instead: '"0.0.0.0/0" for everyone, or ranges such as "203.0.113.0/24"',
                },
              ],
        ),
      ),
  },
  {
    reads: ["regions"],
    check: ({ regions, account_id }) =>
      regions.flatMap(({ name, certificate_arn: given }, index) =>
        given && !given.startsWith(`arn:aws:acm:${name}:${account_id}:`)
          ? [
              {
                where: `regions[${index}].certificate_arn`,
                given,
                why: `a load balancer takes certificates of its own region and account only (${name}, ${account_id})`,
                instead: "the certificate of that region, or nothing to have one made",
                source: "https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html",
              },
            ]
          : [],
      ),
  },
  {
    reads: ["service.tasks", "regions"],
    check: ({ service: { tasks }, regions }) => {
      const zones = Math.max(LEAST_ZONES, ...regions.map((region) => region.availability_zones.length));
      const least = zones * TASKS_PER_ZONE;
      return tasks < least
        ? [
            {
              where: "service.tasks",
              given: tasks,
              why: `${zones} zones with ${TASKS_PER_ZONE} tasks each need ${least}: with fewer, losing a zone or one task in it leaves a zone unserved`,
              instead: `service = { tasks = ${least} }`,
            },
          ]
        : [];
    },
  },
  {
    reads: ["front_door.health_check"],
    check: ({ front_door: { health_check } }) =>
      health_check.timeout_seconds >= health_check.interval_seconds
        ? [
            {
              where: "front_door.health_check.timeout_seconds",
              given: health_check.timeout_seconds,
              why: `the load balancer refuses a timeout that is not below the interval (${health_check.interval_seconds} s), at apply`,
              instead: `timeout_seconds = ${Math.max(2, health_check.interval_seconds - 2)}, or a longer interval`,
              source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
            },
          ]
        : [],
  },
  {
    reads: ["front_door.ssl_policy"],
    check: ({ front_door: { ssl_policy } }) =>
      ssl_policy.startsWith("ELBSecurityPolicy-TLS13-1-3-")
        ? [
            {
              where: "front_door.ssl_policy",
              given: ssl_policy,
              why: "takes TLS 1.3 only; Route 53 health checkers need TLS 1.2 or lower, so DNS would fail over a healthy site",
              instead: '"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"',
              source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
            },
          ]
        : [],
  },
  {
    reads: ["service.stop_timeout_seconds", "front_door.deregistration_delay_seconds"],
    check: ({ service: { stop_timeout_seconds: given }, front_door: { deregistration_delay_seconds: drain } }) => {
      const least = Math.min(drain + 5, 120);
      return given < least
        ? [
            {
              where: "service.stop_timeout_seconds",
              given,
              why: `the task would be killed while the load balancer still drains it (${drain} s)`,
              instead: `stop_timeout_seconds = ${least}`,
              source: "https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/load-balancer-connection-draining.html",
            },
          ]
        : [];
    },
  },
  {
    reads: ["service.cpu", "service.memory_mib"],
    check: ({ service: { cpu, memory_mib } }) => {
      const source = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";
      const offered = FARGATE_MEMORY_MIB.get(cpu);
      if (!offered)
        return [
          {
            where: "service.cpu",
            given: cpu,
            why: "is not a task size that Fargate offers",
            instead: [...FARGATE_MEMORY_MIB.keys()].join(", "),
            source,
          },
        ];
      return offered.includes(memory_mib)
        ? []
        : [
            {
              where: "service.memory_mib",
              given: memory_mib,
              why: `Fargate does not offer it with ${cpu} CPU units`,
              instead: offered.join(", "),
              source,
            },
          ];
    },
  },
  {
    reads: ["container_image"],
    check: ({ container_image: given }) => {
      const name = given.split("/").at(-1) ?? given;
      return given.includes("@sha256:") || (name.includes(":") && !name.endsWith(":latest"))
        ? []
        : [
            {
              where: "container_image",
              given,
              why: "names no version, so two tasks of one deployment may run different programs and a rollback has nothing to go back to",
              instead: 'a tag or digest, e.g. "registry.bank.net/payments:1.4.2"',
            },
          ];
    },
  },
  {
    reads: ["dns.zone_name"],
    check: ({ dns: { zone_name } }) =>
      /(^|\.)example\.(com|net|org)$/.test(zone_name)
        ? [
            {
              where: "dns.zone_name",
              given: zone_name,
              why: "is reserved for documentation, and Route 53 holds no zone for it",
              instead: "a public zone of your own",
              source: "https://www.rfc-editor.org/rfc/rfc2606",
            },
          ]
        : [],
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
      return zone_id !== undefined && create_zone
        ? [
            {
              where: "dns.create_zone",
              given: true,
              why: `there is a zone already: ${zone_id}`,
              instead: "create_zone = false, or no zone_id",
            },
          ]
        : [];
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
      service_name === ""
        ? [
            {
              where: "dns.service_name",
              given: "",
              why: `a CNAME cannot stand at the apex of a zone (${zone_name}), and any other record there is at least 60 s slow to follow a failover`,
              instead: 'a label below it, e.g. "pay", and apex = true to let the apex follow at its own pace',
              source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html",
            },
          ]
        : [],
  },
  {
    reads: ["failover", "regions"],
    check: (config) => {
      const seconds = failoverSeconds(config);
      const { failover, regions } = config;
      if (regions.length === 1 && failover.fallback_host === undefined) return [];
      return seconds > failover.max_failover_seconds
        ? [
            {
              where: "failover.max_failover_seconds",
              given: failover.max_failover_seconds,
              why: `${failover.health_check_failures} checks every ${failover.health_check_interval_seconds} s and ${failover.ttl_seconds} s of TTL make ${seconds} s`,
              instead:
                "health_check_interval_seconds = 10, health_check_failures = 2 and ttl_seconds = 30 make 50; or a limit that can be met",
              source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html",
            },
          ]
        : [];
    },
  },
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions[0]?.standby
        ? [
            {
              where: "regions[0].standby",
              given: regions[0].standby,
              why: "the first region is the primary, and stands by for nobody",
              instead: "remove it, or put another region first",
            },
          ]
        : [],
  },
  {
    reads: ["database.engine_version"],
    check: ({ database: { engine_version: given } }) =>
      AURORA_POSTGRESQL_VERSIONS.includes(given)
        ? []
        : [
            {
              where: "database.engine_version",
              given,
              why: "is not a version that Aurora PostgreSQL offers here",
              instead: AURORA_POSTGRESQL_VERSIONS.join(", "),
              source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html",
            },
          ],
  },
  {
    reads: ["database.instance_class", "regions"],
    check: ({ database: { instance_class: given }, regions }) =>
      regions.length > 1 && !GLOBAL_DATABASE_CLASS.test(given)
        ? [
            {
              where: "database.instance_class",
              given,
              why: "several regions make a global database, and that takes memory-optimised classes only",
              instead: '"db.r6g.large", or a single region',
              source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html",
            },
          ]
        : [],
  },
  {
    reads: ["database.readers"],
    check: ({ database: { readers } }) =>
      readers < 1
        ? [
            {
              where: "database.readers",
              given: readers,
              why: "without a reader nothing can be promoted when the writer's zone is lost: recovery takes ten minutes instead of one",
              instead: "readers = 2",
              source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
            },
          ]
        : [],
  },
  {
    reads: ["database.backup_retention_days", "ephemeral"],
    check: ({ database: { backup_retention_days: given }, ephemeral }) =>
      !ephemeral && given < LEAST_BACKUP_DAYS
        ? [
            {
              where: "database.backup_retention_days",
              given,
              why: `a payment platform keeps at least ${LEAST_BACKUP_DAYS} days of backups`,
              instead: `backup_retention_days = ${LEAST_BACKUP_DAYS}, or ephemeral = true for an environment that lives for hours`,
            },
          ]
        : [],
  },
  {
    reads: ["database.backup_window", "database.maintenance_window"],
    check: ({ database: { backup_window, maintenance_window } }) =>
      windowsOverlap(backup_window, maintenance_window)
        ? [
            {
              where: "database.maintenance_window",
              given: maintenance_window,
              why: `overlaps the backup window ${backup_window}; RDS refuses that at apply`,
              instead: "a window that starts after the backup has ended",
              source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html",
            },
          ]
        : [],
  },
  {
    reads: ["terraform_version"],
    check: ({ terraform_version: given }) =>
      minor(given) < 5
        ? [
            {
              where: "terraform_version",
              given,
              why: "is older than what the configuration needs",
              instead: '"1.5" or newer; "1.10" for the state lock in S3',
            },
          ]
        : [],
  },
  {
    reads: ["terraform_version", "regions"],
    check: ({ terraform_version: given, regions }) =>
      regions.length > 1 && minor(given) < 11
        ? [
            {
              where: "terraform_version",
              given,
              why: "a global database needs its password as a write-only argument, so that no state holds it; Terraform has them since 1.11",
              instead: '"1.11", or a single region',
              source: "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
            },
          ]
        : [],
  },
  {
    reads: ["tags"],
    check: ({ tags }) =>
      Object.keys(tags)
        .filter((key) => OWN_TAGS.includes(key) || key.startsWith("aws:"))
        .map((key) => ({
          where: `tags.${key}`,
          given: tags[key],
          why: OWN_TAGS.includes(key) ? "is a tag that the platform sets itself" : "starts with aws:, which AWS keeps for itself",
          instead: "another key",
        })),
  },
];

/** What works but should be known: printed at every synth. */
export function warnings(config: RawConfig): string[] {
  return [
    config.network.nat === "single"
      ? 'network.nat is "single": when its zone is lost, no task can pull an image or reach AWS. Only for environments that may go down.'
      : undefined,
    config.alert_emails.length === 0 ? "alert_emails is empty: alarms are raised, and nobody receives them." : undefined,
    minor(config.terraform_version) < 10
      ? `terraform_version ${config.terraform_version} has no state lock in S3: two applies at once can overwrite each other.`
      : undefined,
  ].filter((warning) => warning !== undefined);
}

export function minor(terraformVersion: string): number {
  return Number(terraformVersion.split(".")[1]);
}

function isPrivate(range: Cidr): boolean {
  const blocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((block) => parseCidr(block) as Cidr);
  return blocks.some((block) => range.prefix >= block.prefix && overlaps(block, range));
}

const MINUTES_PER_DAY = 24 * 60;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function windowsOverlap(daily: string, weekly: string): boolean {
  const minute = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const span = (from: number, to: number, round: number): [number, number] => [from, to > from ? to : to + round];
  const week = 7 * MINUTES_PER_DAY;
  const weeklyMinute = (moment: string): number => DAYS.indexOf(moment.slice(0, 3)) * MINUTES_PER_DAY + minute(moment.slice(4));
  const [maintenanceStart, maintenanceEnd] = weekly.split(/-(?=[a-z])/).map(weeklyMinute) as [number, number];
  const maintenance = span(maintenanceStart, maintenanceEnd, week);
  const [backupStart, backupEnd] = daily.split("-").map(minute) as [number, number];
  const backup = span(backupStart, backupEnd, MINUTES_PER_DAY);
  // Every day's backup, from the day before the week begins to the day after it ends: windows cross midnight.
  return Array.from({ length: 16 }, (_, day) => (day - 1) * MINUTES_PER_DAY).some(
    (offset) => backup[0] + offset < maintenance[1] && maintenance[0] < backup[1] + offset,
  );
}
