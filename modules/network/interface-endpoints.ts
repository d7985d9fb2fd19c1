import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { SecurityGroup } from "../security/security-group";

export interface InterfaceEndpointsProps {
  readonly names: Names;
  readonly region: string;
  readonly vpcId: string;
  /** One subnet per zone; each endpoint has an address in every one. */
  readonly subnetIds: readonly string[];
  /** What tasks call beside what every task needs, by the words of AWS's service names: `events`. Added at will. */
  readonly further: readonly string[];
}

/** What a task calls before and while it runs. */
const EVERY_TASKS = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "kms"];

/**
 * The AWS APIs that tasks need, inside the VPC: they start and log without NAT gateways. Costs by the hour for each
 * endpoint and zone.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
export class InterfaceEndpoints extends Construct {
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { names, region, vpcId, subnetIds, further }: InterfaceEndpointsProps) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "endpoints", port: 443 });
    for (const service of [...EVERY_TASKS, ...further]) {
      new VpcEndpoint(this, service.replace(".", "-"), {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        subnetIds: [...subnetIds],
        securityGroupIds: [this.securityGroup.id],
        privateDnsEnabled: true,
        tags: { Name: names.of("vpc_endpoint", service.replace(".", "-")) },
      });
    }
  }
}
