import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type RouteTable,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { type Service, DescribeServicesCommand } from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  type Listener,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type DBCluster, type DBInstance, DescribeDBClustersCommand, paginateDescribeDBInstances } from "@aws-sdk/client-rds";
import {
  type HealthCheckConfig,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  paginateListHealthChecks,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { parseCidr, type Tier } from "../../config/cidr";
import type { Config } from "../../config/load";
import { Names } from "../../config/naming";
import { type Capacity, capacity } from "../../config/standby";
import { keyAlias } from "../../modules/encryption/key";
import { LIVE_DATABASE } from "../../stacks/connections";
import { regionDomain } from "../../stacks/domains";
import { Aws, once, PATIENCE } from "./aws";
import { Missing } from "./check";
import type { Expected, ExpectedResources } from "./expected";

/** Route 53 is asked there; it knows no region. */
const GLOBAL_REGION = "us-east-1";

/** A whole environment: what it should be, and where to ask what it is. */
export class Environment {
  private readonly regions = new Map<string, Aws>();
  readonly route53 = new Route53Client({ region: GLOBAL_REGION, ...PATIENCE });

  constructor(
    readonly config: Config,
    readonly expected: ExpectedResources,
  ) {}

  aws(region: string): Aws {
    const known = this.regions.get(region) ?? new Aws(region, this.config.accountId, this.config.environmentSuffix);
    this.regions.set(region, known);
    return known;
  }

  readonly zoneId = once(async () => {
    const { zoneId, zoneName } = this.config.dns;
    if (zoneId !== undefined) return zoneId;
    const { HostedZones = [] } = await this.route53.send(new ListHostedZonesByNameCommand({ DNSName: zoneName }));
    const zone = HostedZones.find(({ Name, Config }) => Name === `${zoneName}.` && Config?.PrivateZone !== true);
    if (!zone?.Id) throw new Missing(`there is no public hosted zone ${zoneName}`);
    return zone.Id.replace("/hostedzone/", "");
  });

  /** The health checks of the regions' entries, by the name that they ask. */
  readonly healthChecks = once(async () => {
    const entries = this.config.regions.map(({ name }) => regionDomain(this.config, name));
    const found = new Map<string, { readonly id: string; readonly config: HealthCheckConfig }>();
    for await (const { HealthChecks = [] } of paginateListHealthChecks({ client: this.route53 }, {}))
      for (const { Id, HealthCheckConfig: config } of HealthChecks)
        if (Id && config && entries.includes(config.FullyQualifiedDomainName ?? ""))
          found.set(config.FullyQualifiedDomainName ?? "", { id: Id, config });
    return found;
  });

  /** Every record of the zone. The SDK has no paginator for the one list that continues by three keys. */
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

/** One part of an environment, and what its stacks say of it. */
export class Live {
  readonly config: Config;
  readonly preset: string;

  /** @param scope what results are listed under: a region, or `failover` */
  constructor(
    readonly environment: Environment,
    readonly scope: string,
    private readonly stacks: readonly string[],
  ) {
    this.config = environment.config;
    this.preset = environment.config.preset;
  }

  aws(region: string): Aws {
    return this.environment.aws(region);
  }

  names(region: string): Names {
    return new Names(this.config.environmentSuffix, region, this.config.accountId);
  }

  /** What the stacks declare of one type. */
  resources(type: string): Expected[] {
    return this.environment.expected.in(this.stacks, type);
  }

  /** An attribute as AWS will see it. @throws where only an apply knows it */
  text(resource: Expected, attribute: string): string {
    const text = this.environment.expected.text(resource, attribute);
    if (text === undefined) throw new Error(`${resource.type}.${resource.id} does not say its ${attribute}`);
    return text;
  }

  /** The name that a resource which is referred to has, e.g. that of a topic behind `${aws_sns_topic.x.arn}`. */
  nameBehind(stack: string, reference: unknown, attribute: string): string {
    const resource = this.environment.expected.referred(stack, reference);
    return resource ? this.text(resource, attribute) : String(reference);
  }

  /** ARN of the key that a resource is meant to be under: found by the alias that the stack gives it. */
  async keyBehind({ stack, region }: Expected, reference: unknown): Promise<string> {
    const { expected } = this.environment;
    const key = expected.referred(stack, reference);
    const alias = this.resources("aws_kms_alias").find(({ values }) => expected.referred(stack, values["target_key_id"]) === key);
    if (!key || !alias) throw new Error(`${String(reference)} leads to no key with an alias`);
    return this.aws(region).key(this.text(alias, "name"));
  }

  /** An attribute of every resource of a type that says it, with the resource's region. */
  named(type: string, attribute: string): { readonly name: string; readonly region: string; readonly values: Expected["values"] }[] {
    return this.resources(type).flatMap((resource) => {
      const name = this.environment.expected.text(resource, attribute);
      return name === undefined ? [] : [{ name, region: resource.region, values: resource.values }];
    });
  }
}

/** One region, and what several checks ask of it. */
export class LiveRegion extends Live {
  readonly own: Aws;
  readonly ownNames: Names;
  readonly capacity: Capacity;
  readonly zones: readonly string[];

  constructor(
    environment: Environment,
    readonly region: Config["regions"][number],
  ) {
    super(environment, region.name, [region.name]);
    this.own = this.aws(region.name);
    this.ownNames = this.names(region.name);
    this.capacity = capacity(environment.config, region);
    this.zones = region.availabilityZones;
  }

  /** ARN of the key with a purpose. */
  key(purpose: string): Promise<string> {
    return this.own.key(keyAlias(this.ownNames, purpose));
  }

  readonly vpcId = once(async () => {
    const name = this.ownNames.of("vpc");
    const { Vpcs: [vpc] = [] } = await this.own.ec2.send(
      new DescribeVpcsCommand({
        Filters: [
          { Name: "tag:Name", Values: [name] },
          { Name: "tag:EnvironmentSuffix", Values: [this.config.environmentSuffix] },
        ],
      }),
    );
    if (!vpc?.VpcId) throw new Missing(`there is no ${name}`);
    return vpc.VpcId;
  });

  readonly subnets = once(async () => {
    const { Subnets = [] } = await this.own.ec2.send(new DescribeSubnetsCommand({ Filters: await this.inVpc() }));
    return Subnets;
  });

  async subnetsOf(...tiers: readonly Tier[]): Promise<Subnet[]> {
    return (await this.subnets()).filter((subnet) => tiers.some((tier) => tierOf(subnet) === tier));
  }

  readonly routeTables = once(async () => {
    const { RouteTables = [] } = await this.own.ec2.send(new DescribeRouteTablesCommand({ Filters: await this.inVpc() }));
    return RouteTables;
  });

  /** The table that a subnet's traffic is routed by: its own, or the VPC's main one. */
  async routeTableOf({ SubnetId }: Subnet): Promise<RouteTable | undefined> {
    const tables = await this.routeTables();
    return (
      tables.find(({ Associations = [] }) => Associations.some((association) => association.SubnetId === SubnetId)) ??
      tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true))
    );
  }

  readonly securityGroups = once(async () => {
    const { SecurityGroups = [] } = await this.own.ec2.send(new DescribeSecurityGroupsCommand({ Filters: await this.inVpc() }));
    return SecurityGroups;
  });

  async inVpc(): Promise<{ Name: string; Values: string[] }[]> {
    return [{ Name: "vpc-id", Values: [await this.vpcId()] }];
  }

  /** The cluster that serves: a rewind leads the tasks to another one, and says so in this parameter. */
  readonly cluster = once(async (): Promise<DBCluster> => {
    const Name = this.ownNames.path(LIVE_DATABASE.identifier);
    const { Parameter } = await this.own.ssm.send(new GetParameterCommand({ Name }));
    const DBClusterIdentifier = Parameter?.Value;
    const { DBClusters: [cluster] = [] } = await this.own.rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
    if (!cluster) throw new Missing(`${DBClusterIdentifier} does not exist`);
    return cluster;
  });

  readonly instances = once(async (): Promise<DBInstance[]> => {
    const { DBClusterIdentifier = "" } = await this.cluster();
    const found: DBInstance[] = [];
    const pages = paginateDescribeDBInstances(
      { client: this.own.rds },
      { Filters: [{ Name: "db-cluster-id", Values: [DBClusterIdentifier] }] },
    );
    for await (const { DBInstances = [] } of pages) found.push(...DBInstances);
    return found;
  });

  readonly services = once(async (): Promise<Service[]> => {
    const found: Service[] = [];
    const names = this.resources("aws_ecs_service").map((resource) => this.text(resource, "name"));
    for (let index = 0; index < names.length; index += SERVICES_AT_ONCE) {
      const services = names.slice(index, index + SERVICES_AT_ONCE);
      found.push(
        ...((await this.own.ecs.send(new DescribeServicesCommand({ cluster: this.ownNames.of("ecs_cluster"), services }))).services ?? []),
      );
    }
    return found.filter(({ status }) => status === "ACTIVE");
  });

  readonly loadBalancer = once(async (): Promise<LoadBalancer> => {
    const name = this.ownNames.of("lb");
    const { LoadBalancers: [balancer] = [] } = await this.own.elb.send(new DescribeLoadBalancersCommand({ Names: [name] }));
    if (!balancer) throw new Missing(`${name} does not exist`);
    return balancer;
  });

  readonly listeners = once(async (): Promise<Listener[]> => {
    const { LoadBalancerArn } = await this.loadBalancer();
    return (await this.own.elb.send(new DescribeListenersCommand({ LoadBalancerArn }))).Listeners ?? [];
  });

  /** The zone that an address lies in. */
  async zoneOf(address: string): Promise<string | undefined> {
    return (await this.subnets()).find(({ CidrBlock = "" }) => holds(CidrBlock, address))?.AvailabilityZone;
  }
}

/** Services that one call describes. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const SERVICES_AT_ONCE = 10;

/** What a subnet is for, by its tag. */
export function tierOf({ Tags = [] }: Subnet): string | undefined {
  return Tags.find(({ Key }) => Key === "Tier")?.Value;
}

function holds(block: string, address: string): boolean {
  const range = parseCidr(block);
  const host = parseCidr(`${address}/32`);
  return range !== undefined && host !== undefined && host.base >= range.base && host.base < range.base + 2 ** (32 - range.prefix);
}
