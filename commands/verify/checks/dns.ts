import { DescribeCertificateCommand } from "@aws-sdk/client-acm";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { failoverRecords } from "../../../modules/dns/failover-records";
import { MIN_CERTIFICATE_DAYS } from "../../../modules/load-balancer/certificate-alarms";
import { regionDomain, serviceDomain, sharedDomains } from "../../../stacks/domains";
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
      const all = await desiredRecords(live);
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
              [`health check of ${title}`]: [record.HealthCheckId, check],
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
        live.config.regions.slice(0, 2).map(({ name }) => regionDomain(live.config, name)),
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
      const checks = await live.environment.healthChecks();
      const { failover, loadBalancer } = live.config;
      return live.config.regions.flatMap(({ name }) => {
        const host = regionDomain(live.config, name);
        const check = checks.get(host)?.config;
        if (!check) return [`${host} has no health check`];
        return differences({
          type: [check.Type, "HTTPS"],
          port: [check.Port, 443],
          path: [check.ResourcePath, loadBalancer.healthCheck.path],
          "interval in seconds": [check.RequestInterval, failover.healthCheckIntervalSeconds],
          "failure threshold": [check.FailureThreshold, failover.healthCheckFailures],
          SNI: [check.EnableSNI, true],
        }).map((violation) => `health check of ${host}: ${violation}`);
      });
    },
    notes: async (live) => {
      const checks = [...(await live.environment.healthChecks())];
      return checks
        .filter(([, { config }]) => config.Disabled === true)
        .map(([host, { config }]) =>
          config.Inverted === true
            ? `a region takeover keeps DNS away from ${host}: its health check is disabled and inverted`
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

async function desiredRecords(live: Live): Promise<DesiredRecord[]> {
  const { config } = live;
  const domain = serviceDomain(config);
  const { fallbackHost } = config.failover;
  const targets = [
    ...config.regions.map(({ name }) => ({ id: name, host: regionDomain(config, name), checked: true })),
    ...(fallbackHost === undefined ? [] : [{ id: "fallback", host: fallbackHost, checked: false }]),
  ];
  const [only, ...others] = targets;
  if (only && others.length === 0) return [{ name: domain, host: only.host }];
  const checks = await live.environment.healthChecks();
  return failoverRecords(domain, targets).map(({ name, role, host, healthOf, setIdentifier }) => {
    const checked = targets.find(({ id }) => id === healthOf);
    return { name, role, host, set: setIdentifier, check: checked?.checked ? (checks.get(checked.host)?.id ?? "its own") : undefined };
  });
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
