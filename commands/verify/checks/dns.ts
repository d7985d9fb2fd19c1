import { DescribeCertificateCommand } from "@aws-sdk/client-acm";
import type { HealthCheckConfig, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { regionsByPreference } from "../../../config/config";
import { HOLD_PATH } from "../../../config/dns-hold";
import { calculatedChecks, chainChecks, failoverRecords } from "../../../modules/dns/failover-records";
import { MIN_CERTIFICATE_DAYS } from "../../../modules/load-balancer/certificate-alarms";
import { failoverTargets, regionDomain, serviceDomain, sharedDomains } from "../../../stacks/domains";
import { type Check, compareSets, differences, Missing, checkResource, checkEach } from "../check";
import type { Environment } from "../environment";
import type { Live } from "../live";
import type { LiveRegion } from "../live-region";

const MILLISECONDS_OF_A_DAY = 86_400_000;

export const REGION_DNS: readonly Check<LiveRegion>[] = [
  {
    requirement: "The region has its own DNS record, an alias of its load balancer",
    requirementIds: ["S000-3.4", "S000-D5", "S004-4.1", "S004-4.3"],
    violations: (live) => {
      const name = regionDomain(live.config, live.region.name);
      return checkResource(name, async () => {
        const record = (await recordsOf(live.environment, name)).find(({ Type }) => Type === "A");
        if (!record) return ["has no record"];
        const { DNSName = "" } = await live.loadBalancer();
        return differences({
          target: [normalizeName(record.AliasTarget?.DNSName).replace(/^dualstack\./, ""), normalizeName(DNSName)],
          "target health evaluation": [record.AliasTarget?.EvaluateTargetHealth, true],
        });
      });
    },
  },
  {
    requirement: "The certificate is issued, is valid for at least 30 days, and covers the region's own name and the shared names",
    requirementIds: ["S003-4.6", "S004-T12"],
    violations: async (live) => {
      const https = (await live.listeners()).find(({ Protocol }) => Protocol === "HTTPS");
      const CertificateArn = https?.Certificates?.[0]?.CertificateArn;
      if (CertificateArn === undefined) throw new Missing("the HTTPS listener has no certificate");
      const { Certificate } = await live.own.acm.send(new DescribeCertificateCommand({ CertificateArn }));
      const own = live.region.certificateArn === undefined ? [regionDomain(live.config, live.region.name)] : [];
      const covered = Certificate?.SubjectAlternativeNames ?? [];
      const days = Math.floor(((Certificate?.NotAfter?.getTime() ?? 0) - Date.now()) / MILLISECONDS_OF_A_DAY);
      return [
        ...differences({ status: [Certificate?.Status, "ISSUED"] }),
        ...[...own, ...sharedDomains(live.config)].filter((name) => !covers(covered, name)).map((name) => `does not cover ${name}`),
        ...(days < MIN_CERTIFICATE_DAYS ? [`expires in ${days} days`] : []),
      ].map((violation) => `${CertificateArn}: ${violation}`);
    },
  },
];

export const DNS: readonly Check<Live>[] = [
  {
    requirement: "The DNS records of the service have the configured targets, health checks and TTL",
    requirementIds: [
      "S000-3.4",
      "S000-3.5",
      "S000-T5",
      "S000-C9",
      "S000-D5",
      "S003-6.1",
      "S003-6.3",
      "S003-6.5",
      "S003-T6",
      "S003-D9",
      "S004-4.1",
      "S004-4.3",
    ],
    violations: async (live) => {
      const all = desiredRecords(live);
      const checks = await live.environment.healthChecks();
      const names = [...new Set(all.map(({ name }) => name))];
      return checkEach(names, async (name) => {
        const records = (await recordsOf(live.environment, name)).filter(({ Type }) => Type === "CNAME");
        const desired = all.filter((record) => record.name === name);
        const extra = records.filter(({ SetIdentifier }) => !desired.some(({ set }) => set === SetIdentifier));
        return [
          ...desired.flatMap(({ set, role, host, check }) => {
            const record = records.find(({ SetIdentifier }) => SetIdentifier === set);
            const title = set === undefined ? name : `${name} (${set})`;
            if (!record) return [`${title} has no record`];
            return differences({
              [`TTL of ${title}`]: [record.TTL, live.config.failover.ttlSeconds],
              [`failover type of ${title}`]: [record.Failover, role],
              [`target of ${title}`]: [normalizeName(record.ResourceRecords?.[0]?.Value), host],
              [`health check of ${title}`]: [describeHealthCheck(record.HealthCheckId, checks), check],
            });
          }),
          ...extra.map(({ SetIdentifier = "simple routing" }) => `${name} (${SetIdentifier}) is not configured`),
        ];
      });
    },
  },
  {
    requirement: "The apex of the hosted zone resolves to the service",
    requirementIds: [],
    option: "dns.apex",
    appliesTo: ({ config }) => config.dns.apex,
    violations: async (live) => {
      const apex = live.config.dns.zoneName;
      const records = (await recordsOf(live.environment, apex)).filter(({ Type }) => Type === "A");
      return compareSets(
        records.map(({ AliasTarget }) => normalizeName(AliasTarget?.DNSName)),
        regionsByPreference(live.config)
          .slice(0, 2)
          .map(({ name }) => regionDomain(live.config, name)),
        { missing: `is not a target of ${apex}`, extra: `is a target of ${apex} and not configured` },
      );
    },
  },
  {
    requirement: "Route 53 health checks use HTTPS and the configured path, interval and failure threshold in every region",
    requirementIds: [
      "S000-G4",
      "S000-3.5",
      "S000-C9",
      "S000-S2",
      "S003-G2",
      "S003-6.2",
      "S003-6.4",
      "S003-C3",
      "S003-S3",
      "S003-D9",
      "S004-4.2",
      "S004-4.4",
      "S004-C5",
      "S004-D5",
    ],
    violations: async (live) => {
      const { failover } = live.config;
      const found = [...(await live.environment.healthChecks()).values()];
      const desired = failoverTargets(live.config).filter(({ checked }) => checked);
      return desired.flatMap(({ host }) => {
        const checks = found.filter(({ FullyQualifiedDomainName: name }) => name === host);
        const check = checks.find(({ ResourcePath }) => ResourcePath !== HOLD_PATH);
        if (!check) return [`${host} has no health check`];
        return differences({
          type: [check.Type, "HTTPS"],
          port: [check.Port, 443],
          path: [check.ResourcePath, live.config.loadBalancer.healthCheck.path],
          "interval in seconds": [check.RequestInterval, failover.healthCheckIntervalSeconds],
          "failure threshold": [check.FailureThreshold, failover.healthCheckFailures],
          SNI: [check.EnableSNI, true],
        }).map((violation) => `health check of ${host}: ${violation}`);
      });
    },
    notes: async (live) => {
      const hosts = failoverTargets(live.config).map(({ host }) => host);
      return [...(await live.environment.healthChecks()).values()]
        .filter(({ Disabled, FullyQualifiedDomainName: host = "" }) => Disabled === true && hosts.includes(host))
        .map(({ Inverted, FullyQualifiedDomainName: host }) =>
          Inverted === true
            ? `an operator keeps DNS away from ${host}: its health check is disabled and inverted`
            : `the health check of ${host} is disabled: Route 53 always considers it healthy`,
        );
    },
  },
];

interface DesiredRecord {
  readonly name: string;
  readonly set?: string;
  readonly role?: "PRIMARY" | "SECONDARY";
  readonly host: string;
  readonly check?: string | undefined;
}

function desiredRecords(live: Live): DesiredRecord[] {
  const targets = failoverTargets(live.config);
  const { path } = live.config.loadBalancer.healthCheck;
  const checks = new Map(
    [...calculatedChecks(targets), ...chainChecks(targets)].map(({ id, children, threshold }) => [
      id,
      sum(
        children.map(
          ({ kind, target: { host } }) => (kind === "not-holds" ? "not " : "") + host + (kind === "endpoint" ? path : HOLD_PATH),
        ),
        threshold,
      ),
    ]),
  );
  return failoverRecords(serviceDomain(live.config), targets).map(({ name, role, host, healthOf, setIdentifier }) => ({
    name,
    role,
    host,
    set: setIdentifier,
    check: healthOf === undefined ? undefined : checks.get(healthOf),
  }));
}

/** A health check in words: what it requests, or how many of which other checks must be healthy. */
function describeHealthCheck(id: string | undefined, checks: ReadonlyMap<string, HealthCheckConfig>): string | undefined {
  if (id === undefined) return undefined;
  const config = checks.get(id);
  if (!config) return id;
  if (config.Type === "CALCULATED")
    return sum(
      (config.ChildHealthChecks ?? []).map((child) => describeHealthCheck(child, checks) ?? ""),
      config.HealthThreshold ?? 0,
    );
  // An operator may disable and invert the check of an endpoint.
  const inverted = config.Inverted === true && config.Disabled !== true ? "not " : "";
  return `${inverted}${config.FullyQualifiedDomainName ?? ""}${config.ResourcePath ?? ""}`;
}

function sum(children: readonly string[], threshold: number): string {
  return children.length === 1 ? (children[0] ?? "") : `at least ${threshold} of (${[...children].sort().join(", ")})`;
}

async function recordsOf(environment: Environment, name: string): Promise<ResourceRecordSet[]> {
  return (await environment.records()).filter((record) => normalizeName(record.Name) === name);
}

/** A domain name in lower case and without the final dot of Route 53. */
function normalizeName(name = ""): string {
  return name.replace(/\.$/, "").toLowerCase();
}

/** Whether one of a certificate's names, or its wildcard, matches a name. */
function covers(names: readonly string[], name: string): boolean {
  return names.some((covered) => covered === name || (covered.startsWith("*.") && covered.slice(2) === name.split(".").slice(1).join(".")));
}
