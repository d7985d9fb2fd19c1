import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table";
import { DataAwsRouteTables } from "@cdktf/provider-aws/lib/data-aws-route-tables";
import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { DataAwsVpcs } from "@cdktf/provider-aws/lib/data-aws-vpcs";
import { type TerraformDataSource, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { ANYWHERE } from "../../config/cidr";
import { hclLiteral } from "../state/hcl-literal";

/** What a plan finds of a network, as HCL expressions without `${}`. */
export interface FoundNetwork {
  /** The VPCs with the ID: one, or none. */
  readonly vpcIds: string;
  /** An attribute of the VPC. @param otherwise its value if there is no such VPC */
  vpc(attribute: string, otherwise: string): string;
  /** Those of the subnets that are in the VPC. */
  readonly subnetIds: string;
  /** An attribute of a subnet. @param subnet an expression. @param otherwise its value if there is no such subnet */
  subnet(subnet: string, attribute: string, otherwise: string): string;
  /** `use1-az1`, as a value for other resources. Empty if there is no such subnet. */
  zoneIdOf(subnetId: string): string;
  /** ID of the route table by subnet: its own, else the main route table of the VPC; empty if neither is visible. */
  readonly routeTableIds: string;
  /** Routes of a subnet, without those that a virtual private gateway propagates and those to gateway endpoints. */
  routes(subnet: string): string;
  /** Route tables with a default route. Those of propagated routes are among them. */
  withDefaultRoute(): string;
  /** Route tables with a route to the gateway endpoint of S3. */
  withS3Endpoint(): string;
  /** Whether the platform is deployed: the security group of its tasks exists. */
  readonly isDeployed: string;
}

export interface FoundNetworkProps {
  /** ID of the VPC. */
  readonly vpcId: string;
  /** IDs of the subnets of all tiers. */
  readonly subnetIds: readonly string[];
  /** ID of AWS's prefix list. */
  readonly s3PrefixListId: string;
  /** Name of the security group of the tasks. */
  readonly taskGroup: string;
}

/**
 * Looks a network up by lists, and what they contain by `for_each`: the provider's look-up of a single subnet or route table fails
 * where there is none, without a sentence, and a destroy with it. `aws_route_table` by subnet finds explicit associations only.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html#route-table-association
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
 */
export function lookUpNetwork(scope: Construct, { vpcId, subnetIds, s3PrefixListId, taskGroup }: FoundNetworkProps): FoundNetwork {
  const inVpc = { name: "vpc-id", values: [vpcId] };
  const vpcs = new DataAwsVpcs(scope, "vpcs", { filter: [inVpc] });
  const vpc = forEachOf(new DataAwsVpc(scope, "vpc", { id: "${each.value}" }), `${addressOf(vpcs)}.ids`);
  const subnets = new DataAwsSubnets(scope, "subnets", { filter: [inVpc, { name: "subnet-id", values: [...subnetIds] }] });
  const subnet = forEachOf(new DataAwsSubnet(scope, "subnet", { id: "${each.value}" }), `${addressOf(subnets)}.ids`);

  const tables = (id: string, name: string, values: string[]): string =>
    `${addressOf(new DataAwsRouteTables(scope, id, { filter: [inVpc, { name, values }] }))}.ids`;
  const associated = tables("associated-route-tables", "association.subnet-id", [...subnetIds]);
  const main = tables("main-route-table", "association.main", ["true"]);
  const table = forEachOf(new DataAwsRouteTable(scope, "route-table", { routeTableId: "${each.value}" }), `concat(${associated}, ${main})`);
  const ownTables = `[for table in values(${table}) : table.route_table_id if contains(table.associations[*].subnet_id, subnet)]`;
  const tableOf = new TerraformLocal(
    scope,
    "route-table-of",
    `\${{ for subnet in ${hclLiteral(subnetIds)} : subnet => try(concat(${ownTables}, ${main})[0], "") }}`,
  );
  const routeTableIds = `local.${tableOf.friendlyUniqueId}`;

  const groups = new DataAwsSecurityGroups(scope, "task-security-group", {
    filter: [inVpc, { name: "group-name", values: [taskGroup] }],
  });
  const subnetAttribute = (id: string, attribute: string, otherwise: string): string => `try(${subnet}[${id}].${attribute}, ${otherwise})`;
  return {
    vpcIds: `${addressOf(vpcs)}.ids`,
    vpc: (attribute, otherwise) => `try(${vpc}[${hclLiteral(vpcId)}].${attribute}, ${otherwise})`,
    subnetIds: `${addressOf(subnets)}.ids`,
    subnet: subnetAttribute,
    zoneIdOf: (id) => `\${${subnetAttribute(hclLiteral(id), "availability_zone_id", '""')}}`,
    routeTableIds,
    routes: (id) => `try(${table}[${routeTableIds}[${id}]].routes, [])`,
    withDefaultRoute: () => tables("default-routes", "route.destination-cidr-block", [ANYWHERE]),
    withS3Endpoint: () => tables("s3-routes", "route.destination-prefix-list-id", [s3PrefixListId]),
    isDeployed: `length(${addressOf(groups)}.ids) > 0`,
  };
}

/** Makes a look-up one of each value of a list. @returns its address, a map of what is found by the values */
function forEachOf(source: TerraformDataSource, list: string): string {
  source.addOverride("for_each", `\${toset(${list})}`);
  return addressOf(source);
}

function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformDataSource): string {
  return `data.${terraformResourceType}.${friendlyUniqueId}`;
}
