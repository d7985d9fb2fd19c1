import { Eip } from "@cdktf/provider-aws/lib/eip";
import type { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import type { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

interface NatGatewaysProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Zones with a NAT gateway. */
  readonly zones: readonly string[];
  /** Public subnets by their zone. */
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly internet: InternetGateway;
}

/** NAT gateways by zone, each with an Elastic IP address. */
export function createNatGateways(scope: Construct, { names, zones, subnets, internet }: NatGatewaysProps): Map<string, NatGateway> {
  return new Map(
    zones.map((zone) => [zone, natGateway(new Construct(scope, `nat-${zone}`), names, zone, subnets.get(zone) as Subnet, internet)]),
  );
}

function natGateway(scope: Construct, names: Names, zone: string, subnet: Subnet, internet: InternetGateway): NatGateway {
  const address = new Eip(scope, "address", {
    domain: "vpc",
    tags: { Name: names.of("eip", `nat-${zone}`) },
    dependsOn: [internet],
  });
  return new NatGateway(scope, "gateway", {
    subnetId: subnet.id,
    allocationId: address.id,
    tags: { Name: names.of("nat_gateway", zone) },
    // AWS cannot release the address while it is mapped through the internet gateway.
    dependsOn: [internet],
  });
}
