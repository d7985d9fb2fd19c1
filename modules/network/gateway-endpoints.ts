import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { dynamodbEndpointPolicy, s3EndpointPolicy } from "./endpoint-policies";

export interface GatewayEndpointsProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Region of the resources, as in ARNs and metrics. */
  readonly region: string;
  /** ID of the VPC. Changing it replaces the resources in it. */
  readonly vpcId: string;
  /** Route tables with a route to the endpoints. */
  readonly routeTableIds: readonly string[];
  /** The only account whose principals may use the endpoints. @default - every principal may */
  readonly onlyAccount?: string | undefined;
}

/** Gateway endpoints of S3 and DynamoDB: free of charge, and independent of the NAT gateways. */
export class GatewayEndpoints extends Construct {
  readonly s3PrefixListId: string;
  readonly dynamodbPrefixListId: string;

  constructor(scope: Construct, id: string, { names, region, vpcId, routeTableIds, onlyAccount }: GatewayEndpointsProps) {
    super(scope, id);
    const endpoint = (service: string, policy: string | undefined): VpcEndpoint =>
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds: [...routeTableIds],
        ...(policy !== undefined && { policy }),
        tags: { Name: names.of("vpc_endpoint", service) },
      });
    this.s3PrefixListId = endpoint("s3", onlyAccount && s3EndpointPolicy(onlyAccount, region)).prefixListId;
    this.dynamodbPrefixListId = endpoint("dynamodb", onlyAccount && dynamodbEndpointPolicy(onlyAccount)).prefixListId;
  }
}
