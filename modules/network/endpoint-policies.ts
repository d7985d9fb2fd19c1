import { policy, type Statement } from "../iam/policy";

/** Permits every request of principals of this account. */
function ofThisAccount(accountId: string, condition: Readonly<Record<string, string>> = {}): Statement {
  return {
    Sid: "PrincipalsOfThisAccount",
    Principal: "*",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": accountId, ...condition } },
  };
}

/** The policy of an interface endpoint. @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html */
export function interfaceEndpointPolicy(accountId: string): string {
  return policy(ofThisAccount(accountId));
}

/** The policy of the gateway endpoint of DynamoDB: tables of this account. */
export function dynamodbEndpointPolicy(accountId: string): string {
  return policy(ofThisAccount(accountId, { "aws:ResourceAccount": accountId }));
}

/**
 * The policy of the gateway endpoint of S3. The layers of images are downloaded with presigned URLs of an account of ECR.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export function s3EndpointPolicy(accountId: string, region: string): string {
  return policy(ofThisAccount(accountId), {
    Sid: "ImageLayers",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
  });
}
