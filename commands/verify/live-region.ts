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
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { parseCidr, type Tier, TIERS } from "../../config/cidr";
import type { Config } from "../../config/config";
import type { Names } from "../../config/naming";
import { type Capacity, capacity } from "../../config/capacity";
import { keyAlias } from "../../modules/encryption/key";
import { LIVE_DATABASE } from "../../modules/database/connection";
import { type Aws, once } from "./aws";
import { Missing } from "./check";
import type { Environment } from "./environment";
import { Live } from "./live";

/** One region, with responses that several checks need. */
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

  get hasDatabaseInstances(): boolean {
    return this.capacity.databaseInstances > 0;
  }

  /** ARN of the key for a purpose, e.g. `database`. */
  key(purpose: string): Promise<string> {
    return this.own.key(keyAlias(this.ownNames, purpose));
  }

  /** The VPC of another owner, with the platform in it. Undefined where the platform has its own. */
  get existingVpc(): NonNullable<Config["regions"][number]["vpc"]> | undefined {
    return this.region.vpc;
  }

  readonly vpcId = once(async () => {
    if (this.existingVpc) return this.existingVpc.id;
    const name = this.ownNames.of("vpc");
    const { Vpcs: [vpc] = [] } = await this.own.ec2.send(
      new DescribeVpcsCommand({
        Filters: [
          { Name: "tag:Name", Values: [name] },
          { Name: "tag:EnvironmentSuffix", Values: [this.config.environmentSuffix] },
        ],
      }),
    );
    if (!vpc?.VpcId) throw new Missing(`${name} does not exist`);
    return vpc.VpcId;
  });

  readonly subnets = once(async () => {
    const { Subnets = [] } = await this.own.ec2.send(new DescribeSubnetsCommand({ Filters: await this.inVpc() }));
    return this.existingVpc ? Subnets.filter((subnet) => this.tierOf(subnet)) : Subnets;
  });

  /** The tier of a subnet: that of the configuration in an existing VPC, else that of its tag. */
  tierOf({ Tags = [], SubnetId = "" }: Subnet): string | undefined {
    const { existingVpc } = this;
    return existingVpc
      ? TIERS.find((tier) => existingVpc[`${tier}SubnetIds`].includes(SubnetId))
      : Tags.find(({ Key }) => Key === "Tier")?.Value;
  }

  async subnetsOf(...tiers: readonly Tier[]): Promise<Subnet[]> {
    return (await this.subnets()).filter((subnet) => tiers.some((tier) => this.tierOf(subnet) === tier));
  }

  readonly routeTables = once(async () => {
    const { RouteTables = [] } = await this.own.ec2.send(new DescribeRouteTablesCommand({ Filters: await this.inVpc() }));
    return RouteTables;
  });

  /** The route table of a subnet: its own, or the VPC's main route table. */
  async routeTableOf({ SubnetId }: Subnet): Promise<RouteTable | undefined> {
    const tables = await this.routeTables();
    return (
      tables.find(({ Associations = [] }) => Associations.some((association) => association.SubnetId === SubnetId)) ??
      tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true))
    );
  }

  /** All security groups of the VPC; in a VPC of another owner, those of the environment. */
  readonly securityGroups = once(async () => {
    const tagged = { Name: "tag:EnvironmentSuffix", Values: [this.config.environmentSuffix] };
    const Filters = [...(await this.inVpc()), ...(this.existingVpc ? [tagged] : [])];
    const { SecurityGroups = [] } = await this.own.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    return SecurityGroups;
  });

  async inVpc(): Promise<{ Name: string; Values: string[] }[]> {
    return [{ Name: "vpc-id", Values: [await this.vpcId()] }];
  }

  /** The cluster in use. A rewind can switch the tasks to another cluster, and writes its identifier to this parameter. */
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

  /** The Availability Zone of a private IP address. */
  async zoneOf(address: string): Promise<string | undefined> {
    return (await this.subnets()).find(({ CidrBlock = "" }) => contains(CidrBlock, address))?.AvailabilityZone;
  }
}

/** Maximum number of services in one call. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const SERVICES_AT_ONCE = 10;

export function subnetName({ Tags = [], SubnetId = "" }: Subnet): string {
  return Tags.find(({ Key }) => Key === "Name")?.Value ?? SubnetId;
}

function contains(block: string, address: string): boolean {
  const range = parseCidr(block);
  const host = parseCidr(`${address}/32`);
  return range !== undefined && host !== undefined && host.base >= range.base && host.base < range.base + 2 ** (32 - range.prefix);
}
