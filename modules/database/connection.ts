import type { Connection } from "../connections/connection";
import type { Statement } from "../iam/policy";
import type { SecurityGroup } from "../security/security-group";
import type { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";

/** The parameters with the identifier and the endpoints of the live cluster. A rewind changes them to switch the tasks to another cluster. */
export const LIVE_DATABASE = {
  identifier: "database/cluster-identifier",
  writer: "database/writer-endpoint",
  reader: "database/reader-endpoint",
} as const;

export interface DatabaseConnectionProps {
  readonly clusterIdentifier: string;
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;
  /** Whether a runbook changes the three values above, so that Terraform must ignore changes of them. */
  readonly changedByRunbook: boolean;
  readonly port: number;
  readonly databaseName: string;
  /** Secret with the keys `username` and `password`. */
  readonly secretArn: string;
  readonly readSecret: readonly Statement[];
  readonly passwordVersion: number;
  readonly securityGroup: SecurityGroup;
  readonly instances: readonly RdsClusterInstance[];
}

/** The connection of a service that reads and writes the ledger. */
export function databaseConnection(props: DatabaseConnectionProps): Connection {
  const { changedByRunbook, secretArn } = props;
  return {
    parameters: {
      [LIVE_DATABASE.identifier]: { value: props.clusterIdentifier, changedByRunbook },
      [LIVE_DATABASE.writer]: { value: props.writerEndpoint, changedByRunbook },
      [LIVE_DATABASE.reader]: { value: props.readerEndpoint, changedByRunbook },
      "database/port": String(props.port),
      "database/name": props.databaseName,
      "database/secret-arn": { value: secretArn, sensitive: true },
    },
    variables: {
      DATABASE_WRITER_HOST: LIVE_DATABASE.writer,
      DATABASE_READER_HOST: LIVE_DATABASE.reader,
      DATABASE_PORT: "database/port",
      DATABASE_NAME: "database/name",
    },
    secrets: { DATABASE_USER: `${secretArn}:username::`, DATABASE_PASSWORD: `${secretArn}:password::` },
    permissions: [],
    startPermissions: props.readSecret,
    ingress: [{ securityGroup: props.securityGroup, reason: "read and write the ledger" }],
    dependencies: props.instances,
    // Tasks read the password at start. A changed label replaces them when the password changes.
    labels: { "database-password-version": String(props.passwordVersion) },
  };
}
