import type { Connection } from "../connections/connection";
import type { Statement } from "../iam/policy";
import type { SecurityGroup } from "../security/security-group";
import type { ITerraformDependable } from "cdktf";

/** The parameters with the identifier and the reader endpoint of the live cluster of a region. */
export const LIVE_DATABASE = { identifier: "database/cluster-identifier", reader: "database/reader-endpoint" } as const;

/** The parameter with the writer endpoint of the global database. The stack `global` creates it in every region. */
export const GLOBAL_WRITER_ENDPOINT = "database/global-writer-endpoint";

/**
 * The parameters from which the tasks of a region get their database. A rewind changes them to switch the tasks to another
 * cluster. A cluster in no global database has its own writer endpoint. Members of a global database share one, which Aurora
 * points to the writer of the primary region after every switchover and failover.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-connecting.html
 */
export function liveDatabase(membership: "alone" | "primary" | "secondary") {
  return { ...LIVE_DATABASE, writer: membership === "alone" ? "database/writer-endpoint" : GLOBAL_WRITER_ENDPOINT } as const;
}

export interface DatabaseConnectionProps {
  /** Identifier of the Aurora cluster. */
  readonly clusterIdentifier: string;
  /** Role of the cluster in a global database, or `alone`. */
  readonly membership: "alone" | "primary" | "secondary";
  /** Host name of the writer of a cluster in no global database. */
  readonly writerEndpoint: string;
  /** Host name that distributes connections over the readers. */
  readonly readerEndpoint: string;
  /** Whether a runbook changes values above, so that Terraform must ignore changes of them. */
  readonly changedByRunbook: boolean;
  /** TCP port of the database. */
  readonly port: number;
  /** Name of the first database. */
  readonly databaseName: string;
  /** Secret of the user of the services, or their IAM authentication. */
  readonly credentials: Credentials;
  /** Version of the password. A change replaces the tasks in a rolling deployment. */
  readonly passwordVersion: number;
  /** Security group of the database or of its proxy. */
  readonly securityGroup: SecurityGroup;
  /** The instances, and what else must exist before a service can connect. */
  readonly after: readonly ITerraformDependable[];
}

/** A secret with the keys `username` and `password`, or a user whose password is a token that the program requests. */
export type Credentials =
  | { readonly secretArn: string; readonly readSecret: readonly Statement[] }
  | { readonly username: string; readonly connect: readonly Statement[] };

/** The connection of a service that reads and writes the ledger. */
export function databaseConnection(props: DatabaseConnectionProps): Connection {
  const { changedByRunbook } = props;
  const live = liveDatabase(props.membership);
  const credentials = withCredentials(props.credentials, props.passwordVersion);
  return {
    ...credentials,
    parameters: {
      [live.identifier]: { value: props.clusterIdentifier, changedByRunbook },
      ...(props.membership === "alone" && { [live.writer]: { value: props.writerEndpoint, changedByRunbook } }),
      [live.reader]: { value: props.readerEndpoint, changedByRunbook },
      "database/port": String(props.port),
      "database/name": props.databaseName,
      ...credentials.parameters,
    },
    ...(props.membership !== "alone" && { externalParameters: [live.writer] }),
    variables: {
      DATABASE_WRITER_HOST: live.writer,
      DATABASE_READER_HOST: live.reader,
      DATABASE_PORT: "database/port",
      DATABASE_NAME: "database/name",
      ...credentials.variables,
    },
    ingress: [{ securityGroup: props.securityGroup, reason: "read and write the ledger" }],
    dependencies: props.after,
  };
}

/** How a task authenticates. With IAM, it gets the name of the user and no password. */
function withCredentials(
  credentials: Credentials,
  passwordVersion: number,
): Pick<Connection, "parameters" | "variables" | "secrets" | "permissions" | "startPermissions" | "labels"> {
  if ("connect" in credentials)
    return {
      parameters: { "database/user": credentials.username },
      variables: { DATABASE_USER: "database/user" },
      permissions: credentials.connect,
    };
  const { secretArn, readSecret } = credentials;
  return {
    parameters: { "database/secret-arn": { value: secretArn, sensitive: true } },
    variables: {},
    secrets: { DATABASE_USER: `${secretArn}:username::`, DATABASE_PASSWORD: `${secretArn}:password::` },
    permissions: [],
    startPermissions: readSecret,
    // Tasks read the password at start. A changed label replaces them when the password changes.
    labels: { "database-password-version": String(passwordVersion) },
  };
}
