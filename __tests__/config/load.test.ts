import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve as path } from "node:path";
import { loadConfig } from "../../config/load";
import { primaryService } from "../../config/config";
import { resolve } from "../../config/resolve";
import { FARGATE_MEMORY_MIB } from "../../config/aws-limits";
import { describeInvalidConfigs, problemsOf } from "../support/invalid-configs";
import { aConfig, given, MINIMAL, ONE_REGION, regionsOf, TODAY, twoRegions } from "../support/config";

const PROJECT = path(__dirname, "..", "..");

const region = (values: object) => ({
  regions: [{ name: "us-east-1", availability_zones: ["us-east-1a", "us-east-1b", "us-east-1c"], vpc_cidr: "10.0.0.0/16", ...values }],
});

const withSecond = (standby: object) => ({
  regions: [
    ...region({}).regions,
    { name: "us-west-2", availability_zones: ["us-west-2a", "us-west-2b", "us-west-2c"], vpc_cidr: "10.1.0.0/16", ...standby },
  ],
});
const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1234";

const LEDGER_IMAGE = { service_images: { ledger: "registry.bank.test/ledger:1.0.0" } };
const RENAMED_OF_SERVICES: readonly [before: string, now: string, value: unknown][] = [
  ["health_command", "health_check_command", ["CMD", "/app/probe"]],
  ["start_grace_seconds", "health_check_grace_period_seconds", 30],
  ["read_only_root", "readonly_root_filesystem", true],
];

describeInvalidConfigs([
  {
    title: "front_door, the former name of load_balancer",
    bad: { front_door: { waf: true } },
    where: "front_door",
    says: /not a supported key.*did you mean load_balancer\?/s,
    good: { load_balancer: { waf: true } },
  },
  {
    title: "stores, the former name of access",
    bad: { ...LEDGER_IMAGE, services: { ledger: { stores: ["database"] } } },
    where: "services.ledger.stores",
    says: /not a supported key.*did you mean access\?/s,
    good: { ...LEDGER_IMAGE, services: { ledger: { access: ["database"] } } },
  },
  {
    title: "rehearse, the former name of schedule",
    bad: { runbooks: { rehearse: false } },
    where: "runbooks.rehearse",
    says: /not a supported key.*did you mean schedule\?/s,
    good: { runbooks: { schedule: false } },
  },
  ...RENAMED_OF_SERVICES.flatMap(([before, now, value]) => [
    {
      title: `${before}, the former name of ${now}`,
      bad: { service: { [before]: value } },
      where: `service.${before}`,
      says: new RegExp(`not a supported key.*did you mean ${now}\\?`, "s"),
      good: { service: { [now]: value } },
    },
    {
      title: `${before} of an additional service, the former name of ${now}`,
      bad: { ...LEDGER_IMAGE, services: { ledger: { [before]: value } } },
      where: `services.ledger.${before}`,
      says: new RegExp(`not a supported key.*did you mean ${now}\\?`, "s"),
      good: { ...LEDGER_IMAGE, services: { ledger: { [now]: value } } },
    },
  ]),
  {
    title: "an unknown key",
    bad: { databse: {} },
    where: "databse",
    says: /not a supported key.*did you mean database\?/s,
    good: { database: {} },
  },
  {
    title: "an unknown key in a table",
    bad: { service: { taks: 6 } },
    where: "service.taks",
    says: /did you mean tasks\?/,
    good: { service: { tasks: 6 } },
  },
  {
    title: "a managed password in a global database",
    bad: { database: { manage_master_user_password: true } },
    where: "database.manage_master_user_password",
    says: /RDS cannot manage the password of a global database/,
    good: {},
  },
  {
    title: "Multi-AZ as a key",
    bad: { database: { multi_az: true } },
    where: "database.multi_az",
    says: /six copies.*readers = 2/s,
    good: { database: { readers: 2 } },
  },
  {
    title: "a TTL of a health check",
    bad: { dns: { ...MINIMAL.dns, health_check_ttl: 30 } },
    where: "dns.health_check_ttl",
    says: /no resource has both.*ttl_seconds = 30/s,
    good: { failover: { ttl_seconds: 30 } },
  },
  {
    title: "an unknown preset",
    bad: { preset: "payment-procesing" },
    where: "preset",
    says: /did you mean payment-processing\?/,
    good: { preset: "payment-processing" },
  },
  {
    title: "a suffix that is too long",
    bad: { environment_suffix: "x".repeat(21) },
    where: "environment_suffix",
    says: /1 to 20 lower-case letters/,
    good: { environment_suffix: "x".repeat(20) },
  },
  {
    title: "an illegal suffix",
    bad: { environment_suffix: "Dev_1" },
    where: "environment_suffix",
    says: /lower-case letters and digits/,
    good: { environment_suffix: "dev-1" },
  },
  {
    title: "a VPC that is too small",
    bad: region({ vpc_cidr: "10.0.0.0/23" }),
    where: "regions[0].vpc_cidr",
    says: /too small.*\/22 or larger/,
    good: region({ vpc_cidr: "10.0.0.0/22" }),
  },
  {
    title: "a VPC that is too large",
    bad: region({ vpc_cidr: "10.0.0.0/15" }),
    where: "regions[0].vpc_cidr",
    says: /larger than \/16, the maximum of a VPC/,
    good: region({ vpc_cidr: "10.0.0.0/16" }),
  },
  {
    title: "a public VPC range",
    bad: region({ vpc_cidr: "8.8.0.0/16" }),
    where: "regions[0].vpc_cidr",
    says: /not a private range/,
    good: region({ vpc_cidr: "172.16.0.0/16" }),
  },
  {
    title: "a range with host bits",
    bad: region({ vpc_cidr: "10.0.0.1/16" }),
    where: "regions[0].vpc_cidr",
    says: /host bits set/,
    good: region({ vpc_cidr: "10.1.0.0/16" }),
  },
  {
    title: "a VPC that overlaps a reserved range",
    bad: { network: { reserved_cidrs: ["10.0.128.0/20"] } },
    where: "regions[0].vpc_cidr",
    says: /overlaps 10\.0\.128\.0\/20 of network\.reserved_cidrs\[0\]/,
    good: { network: { reserved_cidrs: ["10.2.0.0/16"] } },
  },
  {
    title: "a reserved range that is not a range",
    bad: { network: { reserved_cidrs: ["office"] } },
    where: "network.reserved_cidrs[0]",
    says: /not an IPv4 range/,
    good: { network: { reserved_cidrs: [] } },
  },
  {
    title: "client addresses that are not a range",
    bad: { load_balancer: { allowed_cidrs: ["everyone"] } },
    where: "load_balancer.allowed_cidrs[0]",
    says: /not an IPv4 range/,
    good: { load_balancer: { allowed_cidrs: ["203.0.113.0/24"] } },
  },
  {
    title: "fewer than three zones",
    bad: region({ availability_zones: ["us-east-1a", "us-east-1b"] }),
    where: "regions[0].availability_zones",
    says: /require at least 3/,
    good: region({}),
  },
  {
    title: "a zone of another region",
    bad: region({ availability_zones: ["us-east-1a", "us-east-1b", "us-west-2c"] }),
    where: "regions[0].availability_zones",
    says: /us-west-2c is not an Availability Zone of us-east-1/,
    good: region({}),
  },
  {
    title: "the same zone twice",
    bad: region({ availability_zones: ["us-east-1a", "us-east-1a", "us-east-1b"] }),
    where: "regions[0].availability_zones",
    says: /contains a zone twice/,
    good: region({}),
  },
  {
    title: "more zones than the address plan supports",
    bad: { ...region({ availability_zones: ["a", "b", "c", "d", "e"].map((zone) => `us-east-1${zone}`) }), service: { tasks: 10 } },
    where: "regions[0].availability_zones",
    says: /up to 4 zones/,
    good: { ...region({ availability_zones: ["a", "b", "c", "d"].map((zone) => `us-east-1${zone}`) }), service: { tasks: 8 } },
  },
  {
    title: "a region of another partition, whose ARNs differ",
    bad: region({ name: "us-gov-west-1" }),
    where: "regions[0].name",
    says: /a region \(us-east-1, .*others with a warning\)/,
    good: region({}),
  },
  {
    title: "a region of China",
    bad: region({ name: "cn-north-1" }),
    where: "regions[0].name",
    says: /a region/,
    good: { regions: regionsOf("hot", "eu-south-2") },
  },
  {
    title: "a primary region that is none",
    bad: { primary_region: "cn-north-1" },
    where: "primary_region",
    says: /one of regions/,
    good: {
      primary_region: "us-west-2",
      regions: regionsOf("hot", "us-east-1", "us-west-2").map(({ name, availability_zones, vpc_cidr }) => ({
        name,
        availability_zones,
        vpc_cidr,
      })),
    },
  },
  {
    title: "the same region twice",
    bad: { regions: [...region({}).regions, ...region({ vpc_cidr: "10.1.0.0/16" }).regions] },
    where: "regions[1].name",
    says: /listed twice/,
    good: region({}),
  },
  {
    title: "VPCs of two regions that overlap",
    bad: withSecond({ vpc_cidr: "10.0.128.0/17" }),
    where: "regions[1].vpc_cidr",
    says: /overlaps 10\.0\.0\.0\/16 of regions\[0\]/,
    good: withSecond({}),
  },
  {
    title: "a standby without its own zones",
    bad: withSecond({ availability_zones: undefined }),
    where: "regions[1].availability_zones",
    says: /is missing/,
    good: withSecond({}),
  },
  {
    title: "a kind of standby that does not exist",
    bad: withSecond({ standby: "cold" }),
    where: "regions[1].standby",
    says: /"hot" or "warm" or "pilot-light"/,
    good: withSecond({ standby: "warm" }),
  },
  {
    title: "a primary region that is none of the regions",
    bad: { primary_region: "eu-west-1" },
    where: "primary_region",
    says: /is not in regions.*"us-east-1" or "us-west-2"/s,
    good: { primary_region: "us-east-1" },
  },
  {
    title: "a primary region with standby",
    bad: region({ standby: "hot" }),
    where: "regions[0].standby",
    says: /the primary region cannot have standby/,
    good: withSecond({ standby: "hot" }),
  },
  {
    title: "a service at the apex",
    bad: { dns: { ...MINIMAL.dns, service_name: "" } },
    where: "dns.service_name",
    says: /a CNAME is not allowed at the apex.*apex = true/s,
    good: { dns: { ...MINIMAL.dns, apex: true } },
  },
  {
    title: "the apex of a hosted zone for an ephemeral environment",
    bad: { dns: { ...MINIMAL.dns, apex: true }, ephemeral: true },
    where: "dns.apex",
    says: /can resolve to one environment only/,
    good: { dns: { ...MINIMAL.dns, apex: true } },
  },
  {
    title: "an existing hosted zone that is also to be created",
    bad: { dns: { ...MINIMAL.dns, create_zone: true }, ...region({ certificate_arn: CERTIFICATE }) },
    where: "dns.create_zone",
    says: /names an existing hosted zone/,
    good: {},
  },
  {
    title: "a new hosted zone without certificates",
    bad: { dns: { zone_name: "bank.net", create_zone: true }, ...region({}) },
    where: "regions[0].certificate_arn",
    says: /waits 75 minutes and fails/,
    good: { dns: { zone_name: "bank.net", create_zone: true }, ...region({ certificate_arn: CERTIFICATE }) },
  },
  {
    title: "a failover above its limit",
    bad: { failover: { health_check_interval_seconds: 30 } },
    where: "failover.max_failover_seconds",
    says: /2 checks every 30 s, 6 s of a checker's timeout and 30 s of TTL are 96 s/,
    good: { failover: { health_check_interval_seconds: 30, max_failover_seconds: 96 } },
  },
  {
    title: "an interval that Route 53 does not support",
    bad: { failover: { health_check_interval_seconds: 15 } },
    where: "failover.health_check_interval_seconds",
    says: /10 or 30/,
    good: { failover: { health_check_interval_seconds: 10 } },
  },
  {
    title: "a certificate of another region",
    bad: region({ certificate_arn: "arn:aws:acm:us-west-2:123456789012:certificate/1234" }),
    where: "regions[0].certificate_arn",
    says: /its own region and account only/,
    good: region({ certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/1234" }),
  },
  {
    title: "a database without a reader",
    bad: { database: { readers: 0 } },
    where: "database.readers",
    says: /no instance to promote/,
    good: { database: { readers: 1 } },
  },
  {
    title: "one day of backups",
    bad: { database: { backup_retention_days: 1 } },
    where: "database.backup_retention_days",
    says: /minimum of 7 days/,
    good: { database: { backup_retention_days: 1 }, ephemeral: true },
  },
  {
    title: "a longer backup retention than Aurora supports",
    bad: { database: { backup_retention_days: 36 } },
    where: "database.backup_retention_days",
    says: /1 to 35/,
    good: { database: { backup_retention_days: 35 } },
  },
  {
    title: "windows that overlap",
    bad: { database: { backup_window: "23:30-00:30", maintenance_window: "mon:00:00-mon:01:00" } },
    where: "database.maintenance_window",
    says: /overlaps the backup window/,
    good: { database: { backup_window: "23:30-00:30", maintenance_window: "mon:00:30-mon:01:00" } },
  },
  {
    title: "windows of instances that do not fit into a day",
    bad: { database: { backup_window: "03:30-04:00", maintenance_window: "sun:05:00-mon:03:30" } },
    where: "database.maintenance_window",
    says: /3 instances follow it, 30 minutes each.*outside the backup window 03:30-04:00.*within 24 hours of its start.*fewer readers/s,
    good: { database: { backup_window: "03:30-04:00", maintenance_window: "sun:05:00-mon:03:30", readers: 1 } },
  },
  {
    title: "fewer than two tasks per zone",
    bad: { service: { tasks: 5 } },
    where: "service.tasks",
    says: /3 zones with 2 tasks each require 6/,
    good: { service: { tasks: 6 } },
  },
  {
    title: "a task size that Fargate does not support",
    bad: { service: { cpu: 300 } },
    where: "service.cpu",
    says: /not a task size/,
    good: { service: { cpu: 1024, memory_mib: 2048 } },
  },
  {
    title: "memory that Fargate does not support with the CPU units",
    bad: { service: { cpu: 256, memory_mib: 4096 } },
    where: "service.memory_mib",
    says: /with 256 CPU units/,
    good: { service: { cpu: 256, memory_mib: 2048 } },
  },
  {
    title: "a health check that requests http:// from a port with TLS",
    bad: { service: { protocol: "HTTPS" } },
    where: "service.health_check_command",
    says: /requests http:\/\/ from a port with protocol = "HTTPS"/,
    good: { service: { protocol: "HTTPS", health_check_command: ["CMD-SHELL", "curl -fsk https://localhost:{port}/health"] } },
  },
  {
    title: "a container health check that asks the database",
    bad: { service: { health_check_command: ["CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:{port}/health/deep || exit 1"] } },
    where: "service.health_check_command",
    says: /requests \/health\/deep, the path that asks the database/,
    good: { service: { health_check_command: ["CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:{port}/health/deeper || exit 1"] } },
  },
  {
    title: "a container health check that requests the path of the canaries, at the end of its command",
    bad: { canaries: { path: "/all" }, service: { health_check_command: ["CMD", "/app/probe", "http://127.0.0.1:{port}/all"] } },
    where: "service.health_check_command",
    says: /requests \/all, the path that asks the database/,
    good: {
      canaries: { path: "/all" },
      load_balancer: { health_check: { path: "/all" } },
      service: { health_check_command: ["CMD", "/app/probe", "http://127.0.0.1:{port}/all"] },
    },
  },
  {
    title: "a backup window shorter than RDS allows",
    bad: { database: { backup_window: "03:00-03:20" } },
    where: "database.backup_window",
    says: /shorter than 30 minutes/,
    good: { database: { backup_window: "03:00-03:30" } },
  },
  {
    title: "a snapshot window shorter than ElastiCache allows",
    bad: { cache: { snapshot_window: "01:00-01:30" } },
    where: "cache.snapshot_window",
    says: /shorter than 60 minutes/,
    good: { cache: { snapshot_window: "23:30-00:30" } },
  },
  {
    title: "a range of clients that is in the list twice",
    bad: { load_balancer: { allowed_cidrs: ["203.0.113.0/24", "198.51.100.0/24", "203.0.113.0/24"] } },
    where: "load_balancer.allowed_cidrs[2]",
    says: /in the list twice/,
    good: { load_balancer: { allowed_cidrs: ["203.0.113.0/24", "198.51.100.0/24"] } },
  },
  {
    title: "a tag with characters that a service rejects",
    bad: { tags: { Team: "payments & cards" } },
    where: "tags.Team",
    says: /characters or a length that some AWS service rejects/,
    good: { tags: { Team: "payments + cards" } },
  },
  {
    title: "production without protection",
    bad: { environment: "production" },
    where: "protect",
    says: /the environment is "production", and terraform destroy would delete all of its data protect = true, or the reason in unprotected_because/,
    good: { environment: "production", protect: true },
  },
  {
    title: "production in another case without protection",
    bad: { environment: "Production ", protect: false },
    where: "protect",
    says: /the environment is "Production "/,
    good: { environment: "Production ", unprotected_because: "load test, ends on 2026-12-01" },
  },
  {
    title: "production as the suffix without protection",
    bad: { environment_suffix: "production" },
    where: "protect",
    says: /the environment is "production"/,
    good: { environment_suffix: "production", environment: "acceptance" },
  },
  {
    title: "production in the file, also with the preset that has this tag by default",
    bad: { preset: "transaction-processing", environment: "production" },
    where: "protect",
    says: /the environment is "production"/,
    good: { preset: "transaction-processing" },
  },
  {
    title: "a reason that is no text",
    bad: { environment: "production", unprotected_because: " ".repeat(12) },
    where: "unprotected_because",
    says: /a reason of 10 to 256 characters/,
    good: { environment: "production", unprotected_because: "it is a rehearsal" },
  },
  {
    title: "a reason for no protection with protection",
    bad: { protect: true, unprotected_because: "load test, ends on 2026-12-01" },
    where: "unprotected_because",
    says: /contradicts protect = true.*protect = false, or remove unprotected_because/,
    good: { protect: false, unprotected_because: "load test, ends on 2026-12-01" },
  },
  {
    title: "a tag that differs from one of the platform in case only",
    bad: { tags: { environment: "x" } },
    where: "tags.environment",
    says: /differs from another tag in upper and lower case only/,
    good: { tags: { owner: "x" } },
  },
  {
    title: "more tags than AWS allows",
    bad: { tags: Object.fromEntries(Array.from({ length: 44 }, (_, index) => [`tag-${index}`, "x"])) },
    where: "tags",
    says: /more than 47 tags/,
    good: { tags: Object.fromEntries(Array.from({ length: 43 }, (_, index) => [`tag-${index}`, "x"])) },
  },
  { title: "a root user", bad: { service: { user: "0" } }, where: "service.user", says: /never 0/, good: { service: { user: "65534" } } },
  {
    title: "a task that is killed while it drains",
    bad: { service: { stop_timeout_seconds: 30 } },
    where: "service.stop_timeout_seconds",
    says: /still draining it/,
    good: { service: { stop_timeout_seconds: 35 } },
  },
  {
    title: "a timeout that is not below the interval",
    bad: { load_balancer: { health_check: { timeout_seconds: 5 } } },
    where: "load_balancer.health_check.timeout_seconds",
    says: /not below the interval \(5 s\)/,
    good: { load_balancer: { health_check: { timeout_seconds: 4 } } },
  },
  {
    title: "a TLS policy that health checkers do not support",
    bad: { load_balancer: { ssl_policy: "ELBSecurityPolicy-TLS13-1-3-2021-06" } },
    where: "load_balancer.ssl_policy",
    says: /TLS 1\.3 only/,
    good: { load_balancer: { ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" } },
  },
  {
    title: "a bad e-mail address",
    bad: { alert_emails: ["oncall"] },
    where: "alert_emails[0]",
    says: /not an e-mail address/,
    good: { alert_emails: ["oncall@bank.net"] },
  },
  {
    title: "a bad image",
    bad: { container_image: "payments" },
    where: "container_image",
    says: /registry and tag or digest/,
    good: { container_image: "registry.bank.net/payments:1.0" },
  },
  {
    title: "an image without a version",
    bad: { container_image: "registry.bank.net:5000/payments" },
    where: "container_image",
    says: /has no version/,
    good: { container_image: "registry.bank.net:5000/payments:1.0" },
  },
  {
    title: "the image tag latest",
    bad: { container_image: "registry.bank.net/payments:latest" },
    where: "container_image",
    says: /has no version/,
    good: { container_image: `registry.bank.net/payments@sha256:${"0".repeat(64)}` },
  },
  {
    title: "a zone name that is reserved for documentation",
    bad: { dns: { ...MINIMAL.dns, zone_name: "pay.example.com" } },
    where: "dns.zone_name",
    says: /reserved for documentation/,
    good: {},
  },
  {
    title: "a missing zone id",
    bad: { dns: { zone_name: "bank.net" } },
    where: "dns.zone_id",
    says: /is missing, and presets have no default for it/,
    good: {},
  },
  {
    title: "an account id without quotes",
    bad: { account_id: 123456789012 },
    where: "account_id",
    says: /in quotes/,
    good: { account_id: "123456789012" },
  },
  {
    title: "an old Terraform",
    bad: { ...ONE_REGION, database: { rewind: false }, terraform_version: "1.4" },
    where: "terraform_version",
    says: /older than/,
    good: { ...ONE_REGION, database: { rewind: false }, terraform_version: "1.5" },
  },
  {
    title: "a global database with a Terraform version that stores its password in the state",
    bad: { database: { rewind: false }, terraform_version: "1.10" },
    where: "terraform_version",
    says: /write-only/,
    good: { ...ONE_REGION, database: { rewind: false }, terraform_version: "1.10" },
  },
  {
    title: "a tag of the platform",
    bad: { tags: { Environment: "x" } },
    where: "tags.Environment",
    says: /a tag of the platform/,
    good: { tags: { CostCenter: "x" } },
  },
  {
    title: "a tag with the prefix of AWS",
    bad: { tags: { "aws:owner": "x" } },
    where: "tags.aws:owner",
    says: /a prefix that AWS reserves/,
    good: { tags: { owner: "x" } },
  },
  {
    title: "a retention that CloudWatch Logs does not support",
    bad: { monitoring: { log_retention_days: 8 } },
    where: "monitoring.log_retention_days",
    says: /days: 1, 3, 5, 7/,
    good: { monitoring: { log_retention_days: 7 } },
  },
]);

describe("a configuration is accepted", () => {
  it("with every task size of Fargate", () => {
    for (const [cpu, memories] of FARGATE_MEMORY_MIB)
      for (const memory_mib of memories) expect(problemsOf({ service: { cpu, memory_mib } })).toEqual([]);
  });
});

describe("the report", () => {
  const report = (): string => {
    try {
      aConfig({
        sevice: {},
        environment_suffix: "Bad",
        service: { tasks: 1 },
        load_balancer: { health_check: { timeout_seconds: 9 } },
        alert_emails: ["x"],
      });
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("contains every problem: unknown keys, malformed values, and rules over several keys", () => {
    for (const where of ["sevice", "environment_suffix", "service.tasks", "load_balancer.health_check.timeout_seconds", "alert_emails[0]"])
      expect(report()).toMatch(new RegExp(`^\\d\\. ${where.replace(/[.[\]]/g, "\\$&")}$`, "m"));
    expect(report()).toMatch(/^test\.tfvars: 5 problems\. Nothing was written\./);
  });

  it("contains the key, the given value, the reason, the correction and the source", () => {
    expect(report()).toContain(
      [
        "load_balancer.health_check.timeout_seconds",
        "   given:    9",
        "   problem:  is not below the interval (5 s); Elastic Load Balancing rejects this at apply",
        "   instead:  timeout_seconds = 3, or a longer interval",
        "   source:   https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
      ].join("\n"),
    );
  });

  it("describes the accepted values of the key, an example, and its meaning", () => {
    expect(problemsOf({ protect: "yes" })).toEqual([
      {
        where: "protect",
        given: "yes",
        why: "is not true or false",
        instead:
          "true or false. Deletion protection, prevent_destroy on all databases, caches, tables, buckets, vaults and keys, and a vault policy that denies the deletion of backups.",
      },
    ]);
    expect(problemsOf({ failover: { fallback_host: "https://sorry.bank.net" } })).toEqual([
      expect.objectContaining({
        why: "is not a host name that is available when every region is lost",
        instead:
          'a host name that is available when every region is lost, e.g. "sorry.bank.net". A host outside the platform that DNS fails over to when every region is lost.',
      }),
    ]);
  });

  it("skips a rule whose keys are malformed", () => {
    expect(problemsOf({ service: { tasks: "six" } }).map(({ where }) => where)).toEqual(["service.tasks"]);
    expect(problemsOf({ regions: "us-east-1" }).map(({ where }) => where)).toEqual(["regions"]);
  });
});

describe("the configuration", () => {
  it("is deeply frozen", () => {
    const config = aConfig();
    const objects = (value: unknown): object[] =>
      typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(objects)] : [];
    expect(objects(config).filter((value) => !Object.isFrozen(value))).toEqual([]);
  });

  it("uses the suffix as the Environment tag by default", () => {
    expect(aConfig().environment).toBe("test-1");
    expect(aConfig({ environment: "acceptance" }).environment).toBe("acceptance");
  });

  it("does not change the keys of the user's maps", () => {
    const config = aConfig({ tags: { cost_center: "1" }, task_environment: { log_level: "info" } });
    expect(config.tags).toEqual({ cost_center: "1" });
    expect(primaryService(config).taskEnvironment).toEqual({ log_level: "info" });
  });

  it("merges tables with the preset and replaces lists", () => {
    const config = aConfig({ database: { readers: 3 }, load_balancer: { allowed_cidrs: ["203.0.113.0/24"] } });
    expect(config.database).toMatchObject({ readers: 3, instanceClass: "db.r6g.large" });
    expect(config.loadBalancer.allowedCidrs).toEqual(["203.0.113.0/24"]);
  });

  it("is smaller with the ephemeral overlay, which keys of the user override", () => {
    expect(aConfig({ ephemeral: true })).toMatchObject({
      network: { nat: "single" },
      database: { backupRetentionDays: 1 },
      services: [{ tasks: 6 }],
    });
    expect(aConfig({ ephemeral: true, network: { nat: "per-az" } }).network.nat).toBe("per-az");
  });

  it("gives each ephemeral environment its own name in the shared hosted zone", () => {
    const serviceName = (overrides: object) => aConfig({ environment_suffix: "pr-42", ...overrides }).dns.serviceName;
    expect(serviceName({})).toBe("pay");
    expect(serviceName({ ephemeral: true })).toBe("pay-pr-42");
    expect(serviceName({ ephemeral: true, dns: { ...MINIMAL.dns, service_name: "try" } })).toBe("try-pr-42");
    expect(serviceName({ ephemeral: true, dns: { ...MINIMAL.dns, service_name: "pr-42" } })).toBe("pr-42");
  });
});

describe("warnings", () => {
  const noticesOf = (overrides: object) => resolve("test.tfvars", given({ ...ONE_REGION, ...overrides }), TODAY).notices;

  it("are none for the default", () => {
    expect(noticesOf({})).toEqual([]);
  });

  it("state the effect of a single NAT gateway, of missing e-mail addresses and of an old Terraform", () => {
    expect(noticesOf({ network: { nat: "single" } })).toEqual([expect.stringContaining("when its zone is lost")]);
    expect(noticesOf({ alert_emails: [] })).toEqual([expect.stringContaining("alarms notify no recipient")]);
    const range = { tasks: { min: 6, max: 12 }, scaling: { cpu_percent: 66 } };
    expect(noticesOf({ service: range })).toEqual([]);
    expect(noticesOf({ service: { ...range, scaling: { cpu_percent: 67 } } })).toEqual([
      expect.stringMatching(/^service\.scaling\.cpu_percent is 67: .* Use 66 or less\.$/),
    ]);
    const ledger = { scaling: { cpu_percent: 70 }, paths: ["/ledger/*"], port: 8081 };
    expect(noticesOf({ service: range, services: { ledger }, service_images: { ledger: "registry.bank.test/ledger:1.0.0" } })).toEqual([
      expect.stringContaining("services.ledger.scaling.cpu_percent is 70"),
    ]);
    expect(noticesOf({ service: { tasks: 6, scaling: { cpu_percent: 90 } } })).toEqual([]);
    expect(noticesOf({ database: { rewind: false }, terraform_version: "1.9" })).toEqual([
      expect.stringContaining("does not lock the state"),
      expect.stringContaining("rotates it every seven days. Replace the tasks after each rotation"),
    ]);
    expect(noticesOf({ database: { rewind: false }, terraform_version: "1.10" })).toHaveLength(1);
  });
});

describe("a value of another type", () => {
  const problem = (overrides: object): string => {
    try {
      resolve("test.tfvars", given({ ...overrides }), TODAY);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("no problem");
  };

  it("is a text that lacks its quotes", () => {
    expect(problem({ task_environment: { PORT: 8080 } })).toMatch(
      /1\. task_environment\.PORT\n {3}given: {4}8080\n {3}problem: {2}is a number, where a text is needed\n {3}instead: {2}the text in quotes: "8080"/,
    );
  });

  it("sends the reader to the example where the key has no description", () => {
    expect(problem({ service: null })).toContain("is not a value of the type that terraform.tfvars.example shows");
  });
});

describe("recovery objectives", () => {
  const objectivesOf = (overrides: object) => resolve("test.tfvars", given({ ...overrides }), TODAY).objectives;

  it("state the failover time, its parts, and the kind of standby", () => {
    expect(objectivesOf({})).toEqual([
      "Clients of pay.standfast.test reach us-west-2 at most 56 s after us-east-1 is lost: 2 health checks of 10 s, 6 s of a checker's timeout, 30 s of TTL (limit 60 s); up to 6 s more when an earlier check times out, too.",
      expect.stringMatching(/^us-west-2 is a hot standby: .*promotion/),
    ]);
  });

  it.each(["warm", "pilot-light"])("state the recovery time of a %s standby", (standby) => {
    expect(objectivesOf(twoRegions(standby))[1]).toMatch(new RegExp(`^us-west-2 is a ${standby} standby: .*minutes`));
  });

  it("are absent without another region or host", () => {
    expect(objectivesOf(ONE_REGION)).toEqual([]);
  });

  it("are the same for a fallback host as for a region", () => {
    expect(objectivesOf({ ...ONE_REGION, failover: { fallback_host: "sorry.bank.net" } })).toEqual([
      expect.stringContaining("reach sorry.bank.net at most 56 s"),
    ]);
  });
});

describe("reading a folder", () => {
  const folder = (files: Readonly<Record<string, string>>): string => {
    const path = mkdtempSync(join(tmpdir(), "standfast-config-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return path;
  };
  const text = readFileSync(join(PROJECT, "terraform.tfvars.example"), "utf8");

  it("uses the example if terraform.tfvars does not exist, and prints a notice", async () => {
    const { notices } = await loadConfig(folder({ "terraform.tfvars.example": text }), {});
    expect(notices[0]).toMatch(/^terraform\.tfvars does not exist: using terraform\.tfvars\.example/);
  });

  it("prefers terraform.tfvars to the example, and TFVARS_FILE to both", async () => {
    const own = folder({
      "terraform.tfvars.example": text,
      "terraform.tfvars": text.replace(/environment_suffix\s*=.*/, 'environment_suffix = "own"'),
      "other.tfvars": text.replace(/environment_suffix\s*=.*/, 'environment_suffix = "other"'),
    });
    expect((await loadConfig(own, {})).config.environmentSuffix).toBe("own");
    expect((await loadConfig(own, { TFVARS_FILE: join(own, "other.tfvars") })).config.environmentSuffix).toBe("other");
  });

  it("lets ENVIRONMENT_SUFFIX override the suffix, also in the defaults of the variables", async () => {
    const { config, given } = await loadConfig(folder({ "terraform.tfvars": text }), { ENVIRONMENT_SUFFIX: "pr-42" });
    expect(config.environmentSuffix).toBe("pr-42");
    expect(given["environment_suffix"]).toBe("pr-42");
  });

  it("reads no TF_VAR_ variable, because the cdktf CLI removes them from the environment of the synth", async () => {
    expect((await loadConfig(folder({ "terraform.tfvars": text }), { TF_VAR_environment_suffix: "x" })).config.environmentSuffix).not.toBe(
      "x",
    );
  });

  it("returns the same result from its cache", async () => {
    const own = folder({ "terraform.tfvars": text });
    const first = await loadConfig(own, {});
    expect(await loadConfig(own, {})).toEqual(first);
  });

  it("names the file of TFVARS_FILE where it is not HCL", async () => {
    const own = folder({ "other.tfvars": "preset = = 1" });
    await expect(loadConfig(own, { TFVARS_FILE: join(own, "other.tfvars") })).rejects.toThrow(/\[other\.tfvars:1/);
  });

  it.each([
    ["a file that is not HCL", { "terraform.tfvars": "preset = = 1" }, {}, /is not valid HCL: .*terraform\.tfvars:1/],
    ["a missing file", {}, { TFVARS_FILE: "/nonexistent/x.tfvars" }, /cannot be read: ENOENT/],
    ["a folder instead of a file", { "terraform.tfvars": "" }, { TFVARS_FILE: tmpdir() }, /cannot be read: EISDIR/],
  ])("rejects %s with one sentence", async (_, files, environment, says) => {
    await expect(loadConfig(folder(files), environment)).rejects.toThrow(says);
  });
});
