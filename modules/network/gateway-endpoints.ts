import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface GatewayEndpointsProps {
  readonly names: Names;
  readonly region: string;
  readonly vpcId: string;
  /** Route tables with a route to the endpoints. */
  readonly routeTableIds: readonly string[];
}

/** Gateway endpoints of S3 and DynamoDB: free of charge, and independent of the NAT gateways. */
export class GatewayEndpoints extends Construct {
  readonly s3PrefixListId: string;
  readonly dynamodbPrefixListId: string;

  constructor(scope: Construct, id: string, { names, region, vpcId, routeTableIds }: GatewayEndpointsProps) {
    super(scope, id);
    const endpoint = (service: string): VpcEndpoint =>
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds: [...routeTableIds],
        tags: { Name: names.of("vpc_endpoint", service) },
      });
    this.s3PrefixListId = endpoint("s3").prefixListId;
    this.dynamodbPrefixListId = endpoint("dynamodb").prefixListId;
  }
}
