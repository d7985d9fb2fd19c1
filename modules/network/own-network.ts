import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import type { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Route } from "@cdktf/provider-aws/lib/route";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { LogSettings } from "../monitoring/log-group";
import { Construct } from "constructs";
import { ANYWHERE, type NetworkPlan, type Tier, TIERS } from "../../config/cidr";
import type { Names, RegionScope } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";
import type { SecurityGroup } from "../security/security-group";
import { firstValue } from "../state/first-value";
import { allowEgress, type Egress, type EgressRoutes } from "./egress";
import { FlowLogs } from "./flow-logs";
import { GatewayEndpoints } from "./gateway-endpoints";
import { createNatGateways } from "./nat-gateways";
import type { Network } from "./network";
import { NetworkAcls } from "./network-acls";
import { natGatewayAlarms, natGatewayWidgets } from "./alarms";

export interface OwnNetworkProps extends RegionScope, LogSettings {
  /** CIDR block of the VPC. Changing it replaces the network and all resources in it. */
  readonly vpcCidr: string;
  /** Three tiers of subnets, with one subnet per zone. Appending a zone changes no existing subnet. */
  readonly plan: NetworkPlan;
  /** One NAT gateway in each zone, or a single one in the first zone, on which the whole region then depends. */
  readonly nat: "per-az" | "single";
  /** TCP port of the primary service, 1024 or higher, which the network ACLs allow between the tiers. */
  readonly servicePort: number;
  /** Ports of the data tier: the database first. */
  readonly dataPorts: readonly number[];
  /** Whether the data tier has internal traffic. */
  readonly withinDataTier: boolean;
  /** The only account whose principals may use the gateway endpoints. @default - every principal may */
  readonly endpointsOnlyFor?: string | undefined;
  /** Receives the alarms of the NAT gateways. */
  readonly alerts: Alerts;
}

/**
 * A VPC with a public, an application and a data subnet in each zone. Application subnets reach the internet through
 * the NAT gateway of their zone. Data subnets have no route out of the VPC.
 */
export class OwnNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly publicSubnetIds: string[];
  readonly applicationSubnetIds: string[];
  readonly dataSubnetIds: string[];
  readonly zoneIds: ReadonlyMap<string, string>;
  readonly outboundReady: readonly Route[];
  readonly internetReady: InternetGateway;
  readonly zoneAlarms: ReadonlyMap<string, readonly CloudwatchMetricAlarm[]>;
  readonly widgets: readonly Widget[];
  readonly flowLogEvents: Metric;
  private readonly names: Names;
  private readonly egressRoutes: EgressRoutes;

  constructor(scope: Construct, id: string, props: OwnNetworkProps) {
    super(scope, id);
    const { names, plan } = props;
    this.names = names;

    const zones = plan.public.subnets.map((subnet) => subnet.availabilityZone);
    const vpc = this.vpc(props, zones);
    this.vpcId = vpc.id;

    const subnets = Object.fromEntries(TIERS.map((tier) => [tier, this.subnets(tier, plan)])) as Record<Tier, Map<string, Subnet>>;
    this.publicSubnetIds = ids(subnets.public);
    this.zoneIds = new Map([...subnets.public].map(([zone, subnet]) => [zone, subnet.availabilityZoneId]));
    this.applicationSubnetIds = ids(subnets.application);
    this.dataSubnetIds = ids(subnets.data);

    const internet = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags: { Name: names.of("internet_gateway") } });
    this.internetReady = internet;
    this.routePublic(subnets.public, internet);
    const gateways = createNatGateways(this, {
      names,
      zones: zones.slice(0, props.nat === "per-az" ? zones.length : 1),
      subnets: subnets.public,
      internet,
    });
    const tables = this.routeApplication(subnets.application, zones, gateways);
    this.outboundReady = tables.map(({ route }) => route);
    const dataTable = this.routeData(subnets.data);

    const endpoints = new GatewayEndpoints(this, "endpoints", {
      names,
      region: props.region,
      vpcId: vpc.id,
      routeTableIds: [...tables.map(({ table }) => table.id), dataTable.id],
      onlyAccount: props.endpointsOnlyFor,
    });
    this.egressRoutes = {
      prefixLists: { s3: endpoints.s3PrefixListId, dynamodb: endpoints.dynamodbPrefixListId },
      toPrefixLists: "through the gateway endpoint",
      toCidrs: "through the NAT gateways",
    };

    new NetworkAcls(this, "acl", {
      names,
      vpcId: vpc.id,
      plan,
      subnetIds: { public: this.publicSubnetIds, application: this.applicationSubnetIds, data: this.dataSubnetIds },
      servicePort: props.servicePort,
      dataPorts: props.dataPorts,
      withinDataTier: props.withinDataTier,
    });
    this.zoneAlarms = natGatewayAlarms(this, gateways, props.alerts);
    this.widgets = natGatewayWidgets(gateways);
    this.flowLogEvents = new FlowLogs(this, "flow-logs", {
      names,
      accountId: props.accountId,
      vpcId: vpc.id,
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays,
    }).events;
  }

  allowEgress(group: SecurityGroup, egress: Egress): void {
    allowEgress(group, egress, this.egressRoutes);
  }

  private vpc({ vpcCidr, region }: OwnNetworkProps, zones: readonly string[]): Vpc {
    // Zones differ between accounts. In an account without one of the zones the plan fails with a message, and not the apply.
    // Zones that AWS marks as impaired are included: nothing could be planned while one is.
    const offered = new DataAwsAvailabilityZones(this, "zones", {
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
    const firstRange = firstValue(this, "first-range", vpcCidr);
    const firstZones = firstValue(this, "first-zones", zones.join(","));
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: vpcCidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: this.names.of("vpc") },
      lifecycle: {
        precondition: [
          ...zones.map((zone) => ({
            condition: `\${contains(data.aws_availability_zones.${offered.friendlyUniqueId}.names, "${zone}")}`,
            errorMessage: `This account has no Availability Zone ${zone} in ${region}. Edit availability_zones in terraform.tfvars and run cdktf synth again.`,
          })),
          // Either of these would replace subnets with everything in them, and RDS does not move a cluster to another VPC.
          {
            condition: `\${${firstRange} == "${vpcCidr}"}`,
            errorMessage: `The VPC of ${region} has the range \${${firstRange}}, which cannot change. Restore vpc_cidr in terraform.tfvars and run cdktf synth again, or create a second environment.`,
          },
          {
            condition: `\${startswith("${zones.join(",")},", "\${${firstZones}},")}`,
            errorMessage: `${region} was created with the Availability Zones \${${firstZones}}. Zones can be appended; they cannot be removed, exchanged or put in another order. Restore availability_zones in terraform.tfvars and run cdktf synth again, or create a second environment.`,
          },
        ],
      },
    });
    // Every VPC has a default security group. Terraform manages it without rules, so that it allows no traffic.
    new DefaultSecurityGroup(this, "default-security-group", {
      vpcId: vpc.id,
      tags: { Name: this.names.of("security_group", "unused-default") },
    });
    return vpc;
  }

  private subnets(tier: Tier, plan: NetworkPlan): Map<string, Subnet> {
    const scope = new Construct(this, tier);
    return new Map(
      plan[tier].subnets.map(({ availabilityZone, cidr }) => [
        availabilityZone,
        new Subnet(scope, availabilityZone, {
          vpcId: this.vpcId,
          availabilityZone,
          cidrBlock: cidr,
          mapPublicIpOnLaunch: false,
          tags: { Name: this.names.of("subnet", `${tier}-${availabilityZone}`), Tier: tier },
        }),
      ]),
    );
  }

  private routePublic(subnets: Map<string, Subnet>, internet: InternetGateway): void {
    const scope = new Construct(this, "public-routes");
    const table = new RouteTable(scope, "table", { vpcId: this.vpcId, tags: { Name: this.names.of("route_table", "public") } });
    new Route(scope, "internet", { routeTableId: table.id, destinationCidrBlock: ANYWHERE, gatewayId: internet.id });
    this.associate(scope, subnets, () => table);
  }

  /** A route table per zone, even with a single NAT gateway: a later change to one per zone changes only routes. */
  private routeApplication(subnets: Map<string, Subnet>, zones: readonly string[], gateways: Map<string, NatGateway>) {
    const [first] = gateways.values();
    const scope = new Construct(this, "application-routes");
    const tables = new Map(
      zones.map((zone) => {
        const table = new RouteTable(scope, zone, {
          vpcId: this.vpcId,
          tags: { Name: this.names.of("route_table", `application-${zone}`) },
        });
        const gateway = (gateways.get(zone) ?? first) as NatGateway;
        const route = new Route(scope, `${zone}-internet`, {
          routeTableId: table.id,
          destinationCidrBlock: ANYWHERE,
          natGatewayId: gateway.id,
        });
        return [zone, { table, route }];
      }),
    );
    this.associate(scope, subnets, (zone) => (tables.get(zone) as { table: RouteTable }).table);
    return [...tables.values()];
  }

  private routeData(subnets: Map<string, Subnet>): RouteTable {
    const scope = new Construct(this, "data-routes");
    const table = new RouteTable(scope, "table", { vpcId: this.vpcId, tags: { Name: this.names.of("route_table", "data") } });
    this.associate(scope, subnets, () => table);
    return table;
  }

  private associate(scope: Construct, subnets: Map<string, Subnet>, tableOf: (zone: string) => RouteTable): void {
    for (const [zone, subnet] of subnets)
      new RouteTableAssociation(scope, `${zone}-subnet`, { subnetId: subnet.id, routeTableId: tableOf(zone).id });
  }
}

function ids(subnets: Map<string, Subnet>): string[] {
  return [...subnets.values()].map((subnet) => subnet.id);
}
