import * as ec2 from "@aws-sdk/client-ec2";
import type { Tier } from "../../config/cidr";

/** A VPC as the network team of a bank owns it: egress through a transit gateway, and a gateway endpoint for S3. */
export class BankNetwork {
  private constructor(
    private readonly client: ec2.EC2Client,
    readonly region: string,
    readonly zones: readonly string[],
    readonly vpcId: string,
    readonly subnetIds: Readonly<Record<Tier, readonly string[]>>,
    /** Route tables by tier. The data subnets have the main route table. */
    readonly routeTableIds: Readonly<Record<Tier, string>>,
    readonly transitGatewayId: string,
    readonly internetGatewayId: string,
  ) {}

  static async create(region: string, zones: readonly string[]): Promise<BankNetwork> {
    const client = new ec2.EC2Client({ region });
    const { Vpc: { VpcId = "" } = {} } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.50.0.0/16" }));
    const subnet = async (tier: number, index: number): Promise<string> => {
      const part = { VpcId, AvailabilityZone: zones[index], CidrBlock: `10.50.${tier}.${index * 32}/27` };
      return (await client.send(new ec2.CreateSubnetCommand(part))).Subnet?.SubnetId ?? "";
    };
    const subnets = (tier: number) => Promise.all(zones.map((_, index) => subnet(tier, index)));
    const subnetIds = { public: await subnets(0), application: await subnets(1), data: await subnets(2) };
    const table = async (members: readonly string[]): Promise<string> => {
      const { RouteTable: { RouteTableId = "" } = {} } = await client.send(new ec2.CreateRouteTableCommand({ VpcId }));
      for (const SubnetId of members) await client.send(new ec2.AssociateRouteTableCommand({ RouteTableId, SubnetId }));
      return RouteTableId;
    };
    const main = { Filters: [vpcFilter(VpcId), { Name: "association.main", Values: ["true"] }] };
    const { RouteTables: [mainTable] = [] } = await client.send(new ec2.DescribeRouteTablesCommand(main));
    const routeTableIds = {
      public: await table(subnetIds.public),
      application: await table(subnetIds.application),
      data: mainTable?.RouteTableId ?? "",
    };
    const { InternetGateway: { InternetGatewayId = "" } = {} } = await client.send(new ec2.CreateInternetGatewayCommand({}));
    await client.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    const { TransitGateway: { TransitGatewayId = "" } = {} } = await client.send(new ec2.CreateTransitGatewayCommand({}));
    const attached = { TransitGatewayId, VpcId, SubnetIds: subnetIds.application.slice() };
    await client.send(new ec2.CreateTransitGatewayVpcAttachmentCommand(attached));
    const network = new BankNetwork(client, region, zones, VpcId, subnetIds, routeTableIds, TransitGatewayId, InternetGatewayId);
    await network.setDns("EnableDnsSupport", true);
    await network.setDns("EnableDnsHostnames", true);
    await network.addDefaultRoute("public", { GatewayId: InternetGatewayId });
    await network.addDefaultRoute("application", { TransitGatewayId });
    return network;
  }

  /** The key `vpc` of the region. */
  get config() {
    const { public: public_subnet_ids, application: application_subnet_ids, data: data_subnet_ids } = this.subnetIds;
    return { id: this.vpcId, public_subnet_ids, application_subnet_ids, data_subnet_ids };
  }

  async setDns(attribute: "EnableDnsSupport" | "EnableDnsHostnames", Value: boolean): Promise<void> {
    await this.client.send(new ec2.ModifyVpcAttributeCommand({ VpcId: this.vpcId, [attribute]: { Value } }));
  }

  async addDefaultRoute(tier: Tier, target: { readonly GatewayId: string } | { readonly TransitGatewayId: string }): Promise<void> {
    await this.client.send(new ec2.CreateRouteCommand({ ...this.defaultRoute(tier), ...target }));
  }

  async removeDefaultRoute(tier: Tier): Promise<void> {
    await this.client.send(new ec2.DeleteRouteCommand(this.defaultRoute(tier)));
  }

  /** Removes the association of a subnet, which then has the main route table. @returns the repair */
  async disassociate(SubnetId: string): Promise<() => Promise<unknown>> {
    const { RouteTables: [table] = [] } = await this.client.send(
      new ec2.DescribeRouteTablesCommand({ Filters: [{ Name: "association.subnet-id", Values: [SubnetId] }] }),
    );
    const association = table?.Associations?.find((candidate) => candidate.SubnetId === SubnetId);
    await this.client.send(new ec2.DisassociateRouteTableCommand({ AssociationId: association?.RouteTableAssociationId }));
    return () => this.client.send(new ec2.AssociateRouteTableCommand({ RouteTableId: table?.RouteTableId, SubnetId }));
  }

  /** A gateway endpoint of S3 for the application subnets. @returns its deletion */
  async addS3Endpoint(): Promise<() => Promise<unknown>> {
    const { VpcEndpoint: { VpcEndpointId = "" } = {} } = await this.client.send(
      new ec2.CreateVpcEndpointCommand({
        VpcId: this.vpcId,
        VpcEndpointType: "Gateway",
        ServiceName: `com.amazonaws.${this.region}.s3`,
        RouteTableIds: [this.routeTableIds.application],
      }),
    );
    return () => this.client.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
  }

  /** A subnet in addition to those of the tiers. @returns its ID */
  async addSubnet(CidrBlock: string, AvailabilityZone: string): Promise<string> {
    return (await this.client.send(new ec2.CreateSubnetCommand({ VpcId: this.vpcId, CidrBlock, AvailabilityZone }))).Subnet?.SubnetId ?? "";
  }

  /** Everything that belongs to the network, as AWS describes it. */
  async describe() {
    const Filters = [vpcFilter(this.vpcId)];
    const { Vpcs } = await this.client.send(new ec2.DescribeVpcsCommand({ Filters }));
    const { Subnets } = await this.client.send(new ec2.DescribeSubnetsCommand({ Filters }));
    const { RouteTables } = await this.client.send(new ec2.DescribeRouteTablesCommand({ Filters }));
    const { NetworkAcls } = await this.client.send(new ec2.DescribeNetworkAclsCommand({ Filters }));
    const { SecurityGroups } = await this.client.send(new ec2.DescribeSecurityGroupsCommand({ Filters }));
    const { VpcEndpoints } = await this.client.send(new ec2.DescribeVpcEndpointsCommand({ Filters }));
    const { FlowLogs } = await this.client.send(new ec2.DescribeFlowLogsCommand({}));
    return { Vpcs, Subnets, RouteTables, NetworkAcls, SecurityGroups, VpcEndpoints, FlowLogs };
  }

  private defaultRoute(tier: Tier) {
    return { RouteTableId: this.routeTableIds[tier], DestinationCidrBlock: "0.0.0.0/0" };
  }
}

function vpcFilter(vpcId: string) {
  return { Name: "vpc-id", Values: [vpcId] };
}
