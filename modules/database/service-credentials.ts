import { SERVICE_USERNAME } from "../../config/service-user";
import type { AuroraProps } from "./aurora-props";
import type { Credentials } from "./connection";
import { readSecretPermissions } from "./database-secret";

interface ServiceUserParts {
  /** Secret of the user. Undefined if it authenticates with IAM. */
  readonly secretArn: string | undefined;
  readonly secretKeyArn: string;
  /** Resource id of the cluster. */
  readonly clusterId: string;
}

/**
 * How the services use the database as their own user: they read its secret, or may connect as that user with a token.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function serviceCredentials(
  { region, accountId, endpointsChangedByRunbook }: AuroraProps,
  { secretArn, secretKeyArn, clusterId }: ServiceUserParts,
): Credentials {
  if (secretArn !== undefined) return { secretArn, readSecret: readSecretPermissions(secretArn, secretKeyArn, region) };
  // A rewind switches the tasks to a cluster with another resource id, which does not exist yet.
  const clusters = endpointsChangedByRunbook ? "cluster-*" : clusterId;
  return {
    username: SERVICE_USERNAME,
    connect: [
      {
        Sid: "ConnectToDatabase",
        Action: "rds-db:connect",
        Resource: `arn:aws:rds-db:${region}:${accountId}:dbuser:${clusters}/${SERVICE_USERNAME}`,
      },
    ],
  };
}
