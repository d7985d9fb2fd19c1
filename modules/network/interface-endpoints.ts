import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { interfaceEndpointPolicy } from "./endpoint-policies";
import { SecurityGroup } from "../security/security-group";

export interface InterfaceEndpointsProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Region of the resources, as in ARNs and metrics. */
  readonly region: string;
  /** ID of the VPC. Changing it replaces the resources in it. */
  readonly vpcId: string;
  /** One subnet per zone. Each endpoint has a network interface in each. */
  readonly subnetIds: readonly string[];
  /** Services in addition to those that every task calls, by the last part of the endpoint service name: `events`. */
  readonly additionalServices: readonly string[];
  /** The only account whose principals may use the endpoints. @default - every principal may */
  readonly onlyAccount?: string | undefined;
}

/** Services that every task calls when it starts and while it runs. */
const SERVICES_OF_EVERY_TASK = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "kms"];

/**
 * Interface endpoints of the AWS services that tasks call: tasks start and log without a NAT gateway. Charged by the hour for
 * each endpoint and zone.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
export class InterfaceEndpoints extends Construct {
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { names, region, vpcId, subnetIds, additionalServices, onlyAccount }: InterfaceEndpointsProps) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "endpoints", port: 443 });
    for (const service of [...SERVICES_OF_EVERY_TASK, ...additionalServices]) {
      new VpcEndpoint(this, service.replace(".", "-"), {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        subnetIds: [...subnetIds],
        securityGroupIds: [this.securityGroup.id],
        privateDnsEnabled: true,
        ...(onlyAccount !== undefined && { policy: interfaceEndpointPolicy(onlyAccount) }),
        tags: { Name: names.of("vpc_endpoint", service.replace(".", "-")) },
      });
    }
  }
}
