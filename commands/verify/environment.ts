import {
  type HealthCheckConfig,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  paginateListHealthChecks,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import type { Config } from "../../config/config";
import { Aws, once, retryOptions } from "./aws";
import { Missing } from "./check";
import type { ExpectedResources } from "./expected";

/** Route 53 is a global service; its endpoint is in this region. */
const GLOBAL_REGION = "us-east-1";

/** A whole environment: its configuration, its expected resources, and clients for its regions. */
export class Environment {
  private readonly clients = new Map<string, Aws>();
  readonly route53 = new Route53Client({ region: GLOBAL_REGION, ...retryOptions });

  constructor(
    readonly config: Config,
    readonly expected: ExpectedResources,
    /** The regions that are verified. */
    readonly regions: Config["regions"] = config.regions,
    /** Whether a release is in progress: regions may run different images. */
    readonly duringRelease = false,
  ) {}

  aws(region: string): Aws {
    const known = this.clients.get(region) ?? new Aws(region, this.config.accountId, this.config.environmentSuffix);
    this.clients.set(region, known);
    return known;
  }

  readonly zoneId = once(async () => {
    const { zoneId, zoneName } = this.config.dns;
    if (zoneId !== undefined) return zoneId;
    const { HostedZones = [] } = await this.route53.send(new ListHostedZonesByNameCommand({ DNSName: zoneName }));
    const zone = HostedZones.find(({ Name, Config }) => Name === `${zoneName}.` && Config?.PrivateZone !== true);
    if (!zone?.Id) throw new Missing(`public hosted zone ${zoneName} does not exist`);
    return zone.Id.replace("/hostedzone/", "");
  });

  /** Every health check of the account, by its id. */
  readonly healthChecks = once(async () => {
    const found = new Map<string, HealthCheckConfig>();
    for await (const { HealthChecks = [] } of paginateListHealthChecks({ client: this.route53 }, {}))
      for (const { Id, HealthCheckConfig: config } of HealthChecks) if (Id && config) found.set(Id, config);
    return found;
  });

  /** Every record of the hosted zone. The SDK has no paginator for this call, which continues by three keys. */
  readonly records = once(async () => {
    const records: ResourceRecordSet[] = [];
    const HostedZoneId = await this.zoneId();
    let from = {};
    for (;;) {
      const page = await this.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...from }));
      records.push(...(page.ResourceRecordSets ?? []));
      if (!page.IsTruncated) return records;
      from = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      };
    }
  });
}
