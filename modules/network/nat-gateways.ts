import { Eip } from "@cdktf/provider-aws/lib/eip";
import type { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import type { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

interface NatGatewaysProps {
  readonly names: Names;
  /** Zones that get a NAT gateway of their own. */
  readonly zones: readonly string[];
  /** Public subnets by their zone. */
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly internet: InternetGateway;
}

/** NAT gateways by their zone, each with an address that stays the same. */
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
    // An address cannot be given back while the gateway that uses it still has its way out.
    dependsOn: [internet],
  });
}
