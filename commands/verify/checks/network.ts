import {
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  DescribeVpcEndpointsCommand,
  type Route,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { TIERS } from "../../../config/cidr";
import { type Check, checkEach, compareSets, differences } from "../check";
import { type LiveRegion, subnetName } from "../live-region";

const ANYWHERE = ["0.0.0.0/0", "::/0"];

export const NETWORK: readonly Check<LiveRegion>[] = [
  {
    requirement: "Each subnet tier has a subnet in every Availability Zone",
    requirementIds: [
      "S000-T9",
      "S000-T15",
      "S000-D11",
      "S002-6.1",
      "S002-T10",
      "S002-C11",
      "S002-S7",
      "S002-D9",
      "S003-1.1",
      "S003-1.2",
      "S003-1.3",
      "S003-T2",
      "S003-D11",
      "S004-2.5",
      "S004-T8",
      "S004-D12",
    ],
    violations: async (live) => {
      const subnets = await live.subnets();
      return compareSets(
        subnets.map((subnet) => `${live.tierOf(subnet) ?? "no tier"} in ${subnet.AvailabilityZone}`),
        TIERS.flatMap((tier) => live.zones.map((zone) => `${tier} in ${zone}`)),
        { missing: "has no subnet", extra: "is not configured" },
      );
    },
  },
  {
    requirement: "Each application subnet routes internet traffic through an available NAT gateway in its own Availability Zone",
    requirementIds: ["S000-T10", "S000-D12", "S002-6.2", "S003-1.4", "S003-T8", "S003-D12"],
    appliesTo: ({ config, existingVpc }) => !existingVpc && config.network.nat === "per-az",
    violations: async (live) => {
      const routes = await egressRoutes(live);
      return routes.flatMap(({ subnet, zone, gateway }) => {
        if (gateway?.state !== "available") return [`${subnet} ${routeProblem(gateway)}`];
        return gateway.zone === zone ? [] : [`${subnet} routes through ${gateway.id} in ${gateway.zone}`];
      });
    },
  },
  {
    requirement: "The application subnets route internet traffic through an available NAT gateway",
    requirementIds: ["S000-K3", "S002-6.2"],
    appliesTo: ({ config, existingVpc }) => !existingVpc && config.network.nat === "single",
    violations: async (live) =>
      (await egressRoutes(live))
        .filter(({ gateway }) => gateway?.state !== "available")
        .map(({ subnet, gateway }) => `${subnet} ${routeProblem(gateway)}`),
  },
  {
    requirement: "No data subnet has a route to the internet",
    requirementIds: ["S000-T9", "S000-D11", "S003-1.5", "S003-9.6", "S004-C7"],
    // In a VPC of another owner, a transit gateway may connect the data subnets with other networks.
    violations: async (live) =>
      checkEach(await live.subnetsOf("data"), async (subnet) => {
        const { Routes = [] } = (await live.routeTableOf(subnet)) ?? {};
        return Routes.filter(
          ({ DestinationCidrBlock, DestinationIpv6CidrBlock, GatewayId = "", NatGatewayId }) =>
            GatewayId.startsWith("igw-") ||
            (!live.existingVpc &&
              (NatGatewayId !== undefined ||
                [DestinationCidrBlock, DestinationIpv6CidrBlock].some((to) => to !== undefined && ANYWHERE.includes(to)))),
        ).map(
          ({ NatGatewayId, GatewayId }) =>
            `${subnetName(subnet)} routes to the internet through ${NatGatewayId ?? GatewayId ?? "another gateway"}`,
        );
      }),
  },
  {
    requirement: "The application and data subnets reach S3 and DynamoDB through gateway endpoints",
    requirementIds: ["S000-K4"],
    appliesTo: ({ existingVpc }) => !existingVpc,
    violations: async (live) => {
      const endpoints = await endpointsOf(live);
      const subnets = await live.subnetsOf("application", "data");
      const tables = await Promise.all(subnets.map(async (subnet) => ({ subnet, table: await live.routeTableOf(subnet) })));
      return ["s3", "dynamodb"].flatMap((service) => {
        const endpoint = endpoints.find(({ ServiceName = "" }) => ServiceName.endsWith(`.${service}`));
        if (endpoint?.State?.toLowerCase() !== "available") return [`the gateway endpoint for ${service} ${stateOf(endpoint?.State)}`];
        return tables
          .filter(({ table }) => !endpoint.RouteTableIds?.includes(table?.RouteTableId ?? ""))
          .map(({ subnet }) => `${subnetName(subnet)} does not reach ${service} through ${endpoint.VpcEndpointId}`);
      });
    },
  },
  {
    requirement: "The VPC has the configured interface endpoints for AWS APIs, with private DNS",
    requirementIds: ["S000-K4"],
    appliesTo: ({ config }) => config.network.interfaceEndpoints,
    violations: async (live) => {
      const endpoints = await endpointsOf(live);
      return live
        .named("aws_vpc_endpoint", "service_name")
        .filter(({ values }) => values["vpc_endpoint_type"] === "Interface")
        .flatMap(({ name }) => {
          const endpoint = endpoints.find(({ ServiceName }) => ServiceName === name);
          if (endpoint?.State?.toLowerCase() !== "available") return [`${name} ${stateOf(endpoint?.State)}`];
          return differences({ [`private DNS of ${name}`]: [endpoint.PrivateDnsEnabled, true] });
        });
    },
  },
  {
    requirement: "An active flow log records all traffic of the VPC",
    requirementIds: ["S000-C12", "S002-C8", "S004-C8"],
    appliesTo: ({ existingVpc }) => !existingVpc,
    violations: async (live) => {
      const Filter = [{ Name: "resource-id", Values: [await live.vpcId()] }];
      const { FlowLogs = [] } = await live.own.ec2.send(new DescribeFlowLogsCommand({ Filter }));
      const log = live.ownNames.path("flow-logs");
      const logged = FlowLogs.some(
        ({ FlowLogStatus, TrafficType, LogGroupName, LogDestination = "" }) =>
          FlowLogStatus === "ACTIVE" &&
          TrafficType === "ALL" &&
          (LogGroupName === log || LogDestination.replace(/:\*$/, "").endsWith(`:log-group:${log}`)),
      );
      return logged ? [] : [`no active flow log writes all traffic to ${log}`];
    },
  },
  {
    requirement: "In an existing VPC, the application subnets have an active default route, which is not to an internet gateway",
    requirementIds: [],
    option: "regions.vpc",
    appliesTo: ({ config, existingVpc }) => existingVpc !== undefined && config.network.outboundCidrs.includes("0.0.0.0/0"),
    violations: async (live) =>
      checkEach(await live.subnetsOf("application"), async (subnet) => {
        const route = await defaultRouteOf(live, subnet);
        if (!route) return [`${subnetName(subnet)} has no active default route`];
        return route.GatewayId?.startsWith("igw-") ? [`${subnetName(subnet)} routes to ${route.GatewayId}`] : [];
      }),
  },
  {
    requirement: "In an existing VPC, the public subnets have an active default route to an internet gateway or a firewall endpoint",
    requirementIds: [],
    option: "regions.vpc",
    appliesTo: ({ existingVpc }) => existingVpc !== undefined,
    violations: async (live) =>
      checkEach(await live.subnetsOf("public"), async (subnet) => {
        const route = await defaultRouteOf(live, subnet);
        return /^(igw|vpce)-/.test(route?.GatewayId ?? "") ? [] : [`${subnetName(subnet)} has no such route`];
      }),
  },
];

async function defaultRouteOf(live: LiveRegion, subnet: Subnet): Promise<Route | undefined> {
  const { Routes = [] } = (await live.routeTableOf(subnet)) ?? {};
  return Routes.find(({ DestinationCidrBlock, State }) => DestinationCidrBlock === "0.0.0.0/0" && State !== "blackhole");
}

interface EgressRoute {
  readonly subnet: string;
  readonly zone: string | undefined;
  readonly gateway: { readonly id: string; readonly state: string | undefined; readonly zone: string | undefined } | undefined;
}

/** How each application subnet reaches the internet. */
async function egressRoutes(live: LiveRegion): Promise<EgressRoute[]> {
  const { NatGateways = [] } = await live.own.ec2.send(new DescribeNatGatewaysCommand({ Filter: await live.inVpc() }));
  const subnets = await live.subnets();
  return Promise.all(
    (await live.subnetsOf("application")).map(async (subnet) => {
      const route = await defaultRouteOf(live, subnet);
      const id = route?.NatGatewayId;
      const gateway = NatGateways.find(({ NatGatewayId }) => NatGatewayId === id);
      const zone = subnets.find(({ SubnetId }) => SubnetId === gateway?.SubnetId)?.AvailabilityZone;
      return {
        subnet: subnetName(subnet),
        zone: subnet.AvailabilityZone,
        gateway: id === undefined ? undefined : { id, state: gateway?.State, zone },
      };
    }),
  );
}

function routeProblem(gateway: EgressRoute["gateway"]): string {
  return gateway ? `routes through ${gateway.id}, which ${stateOf(gateway.state)}` : "has no route to a NAT gateway";
}

function stateOf(state: string | undefined): string {
  return state === undefined ? "does not exist" : `is ${state}`;
}

async function endpointsOf(live: LiveRegion) {
  return (await live.own.ec2.send(new DescribeVpcEndpointsCommand({ Filters: await live.inVpc() }))).VpcEndpoints ?? [];
}
