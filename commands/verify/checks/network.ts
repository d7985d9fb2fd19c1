import {
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeVpcEndpointsCommand,
  type NetworkAclEntry,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { TIERS } from "../../../config/cidr";
import { type Check, compared, differences, ofEach } from "../check";
import { type LiveRegion, tierOf } from "../live";

const ANYWHERE = ["0.0.0.0/0", "::/0"];
/** What AWS itself ends every network ACL with, for each version of IP. */
const LAST_RULES = [32767, 32768];

export const NETWORK: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every tier has a subnet in each zone",
    lines: [
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
    faults: async (live) => {
      const subnets = await live.subnets();
      return compared(
        subnets.map((subnet) => `${tierOf(subnet) ?? "no tier"} in ${subnet.AvailabilityZone}`),
        TIERS.flatMap((tier) => live.zones.map((zone) => `${tier} in ${zone}`)),
        { missing: "has no subnet", extra: "is not meant to be" },
      );
    },
  },
  {
    requirement: "Each zone's application subnet leaves through an available NAT gateway of its own zone",
    lines: ["S000-T10", "S000-D12", "S002-6.2", "S003-1.4", "S003-T8", "S003-D12"],
    asked: ({ config }) => config.network.nat === "per-az",
    faults: async (live) => {
      const ways = await waysOut(live);
      return ways.flatMap(({ subnet, zone, gateway }) => {
        if (gateway?.state !== "available") return [`${subnet} ${noWay(gateway)}`];
        return gateway.zone === zone ? [] : [`${subnet} leaves through ${gateway.id} of ${gateway.zone}`];
      });
    },
  },
  {
    requirement: "The application subnets leave through an available NAT gateway",
    lines: ["S000-K3", "S002-6.2"],
    asked: ({ config }) => config.network.nat === "single",
    faults: async (live) =>
      (await waysOut(live))
        .filter(({ gateway }) => gateway?.state !== "available")
        .map(({ subnet, gateway }) => `${subnet} ${noWay(gateway)}`),
  },
  {
    requirement: "No data subnet has a route to the internet",
    lines: ["S000-T9", "S000-D11", "S003-1.5", "S003-9.6", "S004-C7"],
    faults: async (live) =>
      ofEach(await live.subnetsOf("data"), async (subnet) => {
        const { Routes = [] } = (await live.routeTableOf(subnet)) ?? {};
        return Routes.filter(
          ({ DestinationCidrBlock, DestinationIpv6CidrBlock, GatewayId = "", NatGatewayId }) =>
            [DestinationCidrBlock, DestinationIpv6CidrBlock].some((to) => to !== undefined && ANYWHERE.includes(to)) ||
            NatGatewayId !== undefined ||
            GatewayId.startsWith("igw-"),
        ).map(({ NatGatewayId, GatewayId }) => `${nameOf(subnet)} leaves through ${NatGatewayId ?? GatewayId ?? "a route to everywhere"}`);
      }),
  },
  {
    requirement: "Each tier has a network ACL of its own, which lets pass what the tier needs and nothing else",
    lines: ["S002-6.3", "S002-S4", "S003-1.5", "S003-S5"],
    faults: async (live) => {
      const { NetworkAcls = [] } = await live.own.ec2.send(new DescribeNetworkAclsCommand({ Filters: await live.inVpc() }));
      return ofEach(TIERS, async (tier) => {
        const name = live.ownNames.of("network_acl", tier);
        const acl = NetworkAcls.find(({ Tags = [] }) => Tags.some(({ Key, Value }) => Key === "Name" && Value === name));
        if (!acl) return [`${name} does not exist`];
        const behind = new Set(acl.Associations?.map(({ SubnetId }) => SubnetId));
        const outside = (await live.subnetsOf(tier)).filter(({ SubnetId }) => !behind.has(SubnetId));
        const entries = (acl.Entries ?? []).filter(({ RuleNumber }) => !LAST_RULES.includes(RuleNumber ?? 0));
        const rules = compared(entries.map(passes), rulesOf(live, name), { missing: "is missing", extra: "is not meant to be" });
        return [...outside.map((subnet) => `${nameOf(subnet)} is not behind ${name}`), ...rules.map((rule) => `${name}: ${rule}`)];
      });
    },
  },
  {
    requirement: "S3 and DynamoDB are reached through gateway endpoints from the application and data subnets",
    lines: ["S000-K4"],
    faults: async (live) => {
      const endpoints = await endpointsOf(live);
      const subnets = await live.subnetsOf("application", "data");
      const tables = await Promise.all(subnets.map(async (subnet) => ({ subnet, table: await live.routeTableOf(subnet) })));
      return ["s3", "dynamodb"].flatMap((service) => {
        const endpoint = endpoints.find(({ ServiceName = "" }) => ServiceName.endsWith(`.${service}`));
        if (endpoint?.State?.toLowerCase() !== "available") return [`the endpoint of ${service} ${stateOf(endpoint?.State)}`];
        return tables
          .filter(({ table }) => !endpoint.RouteTableIds?.includes(table?.RouteTableId ?? ""))
          .map(({ subnet }) => `${nameOf(subnet)} does not reach ${service} through ${endpoint.VpcEndpointId}`);
      });
    },
  },
  {
    requirement: "AWS's APIs are reached through endpoints inside the VPC",
    lines: ["S000-K4"],
    asked: ({ config }) => config.network.interfaceEndpoints,
    faults: async (live) => {
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
    requirement: "All traffic of the VPC is logged",
    lines: ["S000-C12", "S002-C8", "S004-C8"],
    faults: async (live) => {
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
    requirement: "Nothing but the load balancer takes traffic from ranges of addresses",
    lines: ["S002-6.3", "S003-9.3", "S003-9.4", "S003-9.5", "S003-9.6", "S004-T10", "S004-C7"],
    faults: async (live) => {
      const frontDoor = live.ownNames.of("security_group", "front-door");
      return (await live.securityGroups()).flatMap(({ GroupName = "", GroupId, IpPermissions = [] }) => {
        const ranges = IpPermissions.flatMap(({ IpRanges = [], Ipv6Ranges = [] }) => [
          ...IpRanges.map(({ CidrIp = "" }) => CidrIp),
          ...Ipv6Ranges.map(({ CidrIpv6 = "" }) => CidrIpv6),
        ]);
        return GroupName === frontDoor ? [] : ranges.map((range) => `${GroupName} (${GroupId}) lets in ${range}`);
      });
    },
  },
  {
    requirement: "Security groups let in exactly clients to the load balancer, and each part whom it serves",
    lines: [
      "S000-2.4",
      "S002-6.3",
      "S002-S4",
      "S003-5.5",
      "S003-9.1",
      "S003-9.2",
      "S003-9.3",
      "S003-9.4",
      "S003-9.5",
      "S003-C9",
      "S003-S5",
      "S003-D13",
      "S004-T10",
    ],
    faults: async (live) => {
      const groups = await live.securityGroups();
      const nameOfGroup = new Map(groups.map(({ GroupId, GroupName = "" }) => [GroupId, GroupName]));
      const actual = groups.flatMap(({ GroupName, IpPermissions = [] }) =>
        IpPermissions.flatMap(
          ({ IpProtocol, FromPort, ToPort, UserIdGroupPairs = [], IpRanges = [], Ipv6Ranges = [], PrefixListIds = [] }) =>
            [
              ...UserIdGroupPairs.map(({ GroupId }) => nameOfGroup.get(GroupId) ?? GroupId),
              ...IpRanges.map(({ CidrIp }) => CidrIp),
              ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
              ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
            ].map((from) => admits(from, GroupName, IpProtocol, FromPort, ToPort)),
        ),
      );
      return compared(actual, admitted(live), { missing: "is not let in", extra: "is not meant to be let in" });
    },
  },
];

function admits(from: unknown, to: unknown, protocol: unknown, fromPort: unknown, toPort: unknown): string {
  return `${String(from)} to ${String(to)} on ${String(protocol)} ${String(fromPort)}-${String(toPort)}`;
}

/** What the stack's rules let in. */
function admitted(live: LiveRegion): string[] {
  const { expected } = live.environment;
  const groupNamed = (stack: string, reference: unknown): string => {
    const group = expected.referred(stack, reference);
    return group ? live.text(group, "name") : String(reference);
  };
  return live.resources("aws_vpc_security_group_ingress_rule").map(({ stack, values }) => {
    const peer = values["cidr_ipv4"] ?? groupNamed(stack, values["referenced_security_group_id"]);
    return admits(peer, groupNamed(stack, values["security_group_id"]), values["ip_protocol"], values["from_port"], values["to_port"]);
  });
}

interface WayOut {
  readonly subnet: string;
  readonly zone: string | undefined;
  readonly gateway: { readonly id: string; readonly state: string | undefined; readonly zone: string | undefined } | undefined;
}

/** How each application subnet reaches the internet. */
async function waysOut(live: LiveRegion): Promise<WayOut[]> {
  const { NatGateways = [] } = await live.own.ec2.send(new DescribeNatGatewaysCommand({ Filter: await live.inVpc() }));
  const subnets = await live.subnets();
  return Promise.all(
    (await live.subnetsOf("application")).map(async (subnet) => {
      const { Routes = [] } = (await live.routeTableOf(subnet)) ?? {};
      const route = Routes.find(({ DestinationCidrBlock, State }) => DestinationCidrBlock === "0.0.0.0/0" && State !== "blackhole");
      const id = route?.NatGatewayId;
      const gateway = NatGateways.find(({ NatGatewayId }) => NatGatewayId === id);
      const zone = subnets.find(({ SubnetId }) => SubnetId === gateway?.SubnetId)?.AvailabilityZone;
      return {
        subnet: nameOf(subnet),
        zone: subnet.AvailabilityZone,
        gateway: id === undefined ? undefined : { id, state: gateway?.State, zone },
      };
    }),
  );
}

function noWay(gateway: WayOut["gateway"]): string {
  return gateway ? `leaves through ${gateway.id}, which ${stateOf(gateway.state)}` : "has no route to a NAT gateway";
}

function stateOf(state: string | undefined): string {
  return state === undefined ? "does not exist" : `is ${state}`;
}

function nameOf({ Tags = [], SubnetId = "" }: Subnet): string {
  return Tags.find(({ Key }) => Key === "Name")?.Value ?? SubnetId;
}

async function endpointsOf(live: LiveRegion) {
  return (await live.own.ec2.send(new DescribeVpcEndpointsCommand({ Filters: await live.inVpc() }))).VpcEndpoints ?? [];
}

const TCP = "6";

/** A rule in words, as the stack's rules are put too. */
function passes({ Egress, RuleAction, Protocol, CidrBlock, Ipv6CidrBlock, PortRange, RuleNumber }: NetworkAclEntry): string {
  const protocol = Protocol === TCP ? "tcp" : Protocol;
  return rule(RuleNumber, RuleAction, Egress, protocol, CidrBlock ?? Ipv6CidrBlock, PortRange?.From, PortRange?.To);
}

/** The rules of an ACL that the stack declares. */
function rulesOf(live: LiveRegion, acl: string): string[] {
  const { expected } = live.environment;
  return live.resources("aws_network_acl_rule").flatMap(({ stack, values }) => {
    const { tags } = (expected.referred(stack, values["network_acl_id"])?.values ?? {}) as { tags?: { Name?: string } };
    if (tags?.Name !== acl) return [];
    const { rule_number: number, rule_action: action, egress, protocol, cidr_block: block, from_port: from, to_port: to } = values;
    return [rule(number, action, egress, protocol, block, from, to)];
  });
}

function rule(number: unknown, action: unknown, egress: unknown, protocol: unknown, block: unknown, from: unknown, to: unknown): string {
  const direction = egress === true ? "out to" : "in from";
  return `rule ${String(number)} (${String(action)} ${direction} ${String(block)} on ${String(protocol)} ${String(from)}-${String(to)})`;
}
