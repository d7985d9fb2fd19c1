import type { Precondition } from "cdktf";
import { ANYWHERE, type Tier, TIERS } from "../../config/cidr";
import { hclLiteral } from "../state/hcl-literal";
import type { ExistingNetworkProps } from "./existing-network-props";
import type { FoundNetwork } from "./existing-network-lookup";

interface RequirementsProps extends Pick<
  ExistingNetworkProps,
  "region" | "accountId" | "vpcId" | "zones" | "subnetIds" | "outboundCidrs" | "internetClients" | "interfaceEndpoints" | "tasks"
> {
  readonly found: FoundNetwork;
  /** The values that the first apply had, as HCL expressions. */
  readonly first: { readonly network: string; readonly zones: string; readonly dataSubnets: string };
}

/** The longest prefix of a subnet of a load balancer. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer */
const LONGEST_PUBLIC_PREFIX = 27;
const FIX_IDS = "Correct vpc in terraform.tfvars and run cdktf synth again.";
const KEEP = "in terraform.tfvars and run cdktf synth again, or create a second environment";

/** What the platform requires of a network that it does not own: a condition for each, and a sentence for a plan that does not find it. */
export function networkRequirements(props: RequirementsProps): Precondition[] {
  return [...identity(props), ...vpc(props), ...subnets(props), ...routes(props), ...addresses(props)];
}

/** RDS moves no cluster to another VPC, and removes no subnet with an instance in it. */
function identity({ region, vpcId, zones, subnetIds, first }: RequirementsProps): Precondition[] {
  const ofVpc = "of the existing VPC ";
  const was = `startswith(${first.network}, "${ofVpc}") ? trimprefix(${first.network}, "of ") : "a VPC of its own, \${${first.network}}"`;
  return [
    {
      condition: `\${${first.network} == "${ofVpc}${vpcId}"}`,
      errorMessage: `The platform in ${region} was created in \${${was}}, and RDS does not move a cluster to another VPC. Restore the region's vpc_cidr or vpc.id ${KEEP}.`,
    },
    {
      condition: `\${startswith("${zones.join(",")},", "\${${first.zones}},")}`,
      errorMessage: `${region} was created with the Availability Zones \${${first.zones}}. Zones can be appended; they cannot be removed, exchanged or put in another order. Restore availability_zones ${KEEP}.`,
    },
    {
      condition: `\${startswith("${subnetIds.data.join(",")},", "\${${first.dataSubnets}},")}`,
      errorMessage: `The database of ${region} was created in the subnets \${${first.dataSubnets}}, and RDS removes no subnet in use. Subnets can be appended with a zone. Restore vpc.data_subnet_ids ${KEEP}.`,
    },
  ];
}

function vpc({ region, accountId, vpcId, interfaceEndpoints, found }: RequirementsProps): Precondition[] {
  return [
    {
      condition: `\${contains(${found.vpcIds}, "${vpcId}")}`,
      errorMessage: `The account ${accountId} has no VPC ${vpcId} in ${region}, and none of that ID is shared with it. ${FIX_IDS}`,
    },
    ...[
      ["enable_dns_support", "DNS resolution", "--enable-dns-support"],
      ["enable_dns_hostnames", "DNS hostnames", "--enable-dns-hostnames"],
    ].map(([attribute = "", feature, option]) => ({
      condition: `\${${found.vpc(attribute, "true")}}`,
      errorMessage: `${vpcId} has no ${feature}, which endpoints, the database and service discovery require. The owner of the network enables them: aws ec2 modify-vpc-attribute --vpc-id ${vpcId} ${option}.`,
    })),
    // Participants of a shared VPC create no endpoints: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html
    ...(interfaceEndpoints
      ? [
          {
            condition: `\${${found.vpc("owner_id", `"${accountId}"`)} == "${accountId}"}`,
            errorMessage: `${vpcId} is shared by the account \${${found.vpc("owner_id", '""')}}, which alone can create endpoints in it. Set network.interface_endpoints = false, and ask the owner of the network for the endpoints.`,
          },
        ]
      : []),
  ];
}

function subnets({ region, vpcId, zones, subnetIds, found }: RequirementsProps): Precondition[] {
  const missing = (tier: Tier): string => `setsubtract(${hclLiteral(subnetIds[tier])}, ${found.subnetIds})`;
  const wrongZones = (tier: Tier): string => {
    const zone = found.subnet("subnet", "availability_zone", `${hclLiteral(zones)}[index]`);
    return `[for index, subnet in ${hclLiteral(subnetIds[tier])} : "\${subnet} is in \${${zone}}, not in \${${hclLiteral(zones)}[index]}" if ${zone} != ${hclLiteral(zones)}[index]]`;
  };
  return TIERS.flatMap((tier) => [
    {
      condition: `\${length(${missing(tier)}) == 0}`,
      errorMessage: `${vpcId} in ${region} has no subnet \${join(", ", ${missing(tier)})}, which vpc.${tier}_subnet_ids contains. ${FIX_IDS}`,
    },
    {
      condition: `\${length(${wrongZones(tier)}) == 0}`,
      errorMessage: `vpc.${tier}_subnet_ids must contain a subnet for each of availability_zones, in the same order: \${join("; ", ${wrongZones(tier)})}. ${FIX_IDS}`,
    },
  ]);
}

function routes({ region, subnetIds, outboundCidrs, internetClients, found }: RequirementsProps): Precondition[] {
  const present = (subnet: string): string => `contains(${found.subnetIds}, ${subnet})`;
  const without = (tier: Tier, condition: string): string =>
    `[for subnet in ${hclLiteral(subnetIds[tier])} : subnet if ${present("subnet")} && !(${condition})]`;
  const leaves = (condition: string): string => `anytrue([for route in ${found.routes("subnet")} : ${condition}])`;
  const toInternetGateway = `startswith(coalesce(route.gateway_id, "-"), "igw-")`;
  const toInspection = `startswith(coalesce(route.vpc_endpoint_id, "-"), "vpce-")`;
  const isDefault = `route.cidr_block == "${ANYWHERE}"`;
  const hasTable = (list: string): string => `contains(${list}, ${found.routeTableIds}[subnet])`;

  const unreachable = without("public", leaves(`${isDefault} && (${toInternetGateway} || ${toInspection})`));
  const exposed = (tier: Tier): string => without(tier, `!${leaves(toInternetGateway)}`);
  return [
    ...(internetClients
      ? [
          {
            condition: `\${length(${unreachable}) == 0}`,
            errorMessage: `The public subnets \${join(", ", ${unreachable})} in ${region} have no default route (${ANYWHERE}) to an internet gateway, or to a firewall endpoint before it: clients would not reach the load balancer. The owner of the network adds the route.`,
          },
        ]
      : []),
    ...(["application", "data"] as const).map((tier) => ({
      condition: `\${length(${exposed(tier)}) == 0}`,
      errorMessage: `The ${tier} subnets \${join(", ", ${exposed(tier)})} in ${region} have a route to an internet gateway; only public subnets may have one. The owner of the network removes the route, or name other subnets in vpc.${tier}_subnet_ids.`,
    })),
    ...egress(
      outboundCidrs,
      () => without("application", hasTable(found.withDefaultRoute())),
      () => without("application", hasTable(found.withS3Endpoint())),
    ).map(({ subnets, lack }) => ({
      condition: `\${length(${subnets}) == 0}`,
      errorMessage: `The application subnets \${join(", ", ${subnets})} in ${region} have no ${lack}`,
    })),
  ];
}

/**
 * What the tasks' requests need to leave the subnets. Between all addresses and none, the configured ranges can
 * have routes of their own, and nothing is required.
 */
function egress(
  outboundCidrs: readonly string[],
  withoutDefaultRoute: () => string,
  withoutS3: () => string,
): { readonly subnets: string; readonly lack: string }[] {
  if (outboundCidrs.length === 0)
    return [
      {
        subnets: withoutS3(),
        lack: "route to a gateway endpoint of S3, from which ECR delivers images, and network.outbound_cidrs is empty. The owner of the network associates a gateway endpoint of S3 with their route tables.",
      },
    ];
  if (!outboundCidrs.includes(ANYWHERE)) return [];
  return [
    {
      subnets: withoutDefaultRoute(),
      lack: `default route (${ANYWHERE}): tasks would reach neither a registry nor AWS. The owner of the network adds a route to a transit gateway, a firewall endpoint or a NAT gateway, or set network.outbound_cidrs to what tasks reach without one.`,
    },
  ];
}

function addresses({ region, subnetIds, tasks, found }: RequirementsProps): Precondition[] {
  const tooSmall = `[for subnet in ${hclLiteral(subnetIds.public)} : subnet if tonumber(split("/", ${found.subnet("subnet", "cidr_block", `"${ANYWHERE}"`)})[1]) > ${LONGEST_PUBLIC_PREFIX}]`;
  const free = `sum([for subnet in ${hclLiteral(subnetIds.application)} : ${found.subnet("subnet", "available_ip_address_count", String(2 * tasks))}])`;
  // The tasks of a deployed platform have their addresses. A deployment starts as many in addition.
  const needed = `(${found.isDeployed} ? ${tasks} : ${2 * tasks})`;
  return [
    {
      condition: `\${length(${tooSmall}) == 0}`,
      errorMessage: `The public subnets \${join(", ", ${tooSmall})} in ${region} are smaller than /${LONGEST_PUBLIC_PREFIX}, which a load balancer requires. Name larger subnets in vpc.public_subnet_ids.`,
    },
    {
      condition: `\${${free} >= ${needed}}`,
      errorMessage: `The application subnets in ${region} have \${${free}} free addresses and need \${${needed}}: up to ${tasks} tasks, and as many during a deployment, each with an address. Name larger subnets in vpc.application_subnet_ids, or run fewer tasks.`,
    },
  ];
}
