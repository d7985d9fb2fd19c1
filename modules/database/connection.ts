import type { Connection } from "../connections/connection";
import type { Statement } from "../iam/policy";
import type { SecurityGroup } from "../security/security-group";
import type { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";

/** The parameters that say which cluster is live, and where: a rewind switches the tasks to another one by them. */
export const LIVE_DATABASE = {
  identifier: "database/cluster-identifier",
  writer: "database/writer-endpoint",
  reader: "database/reader-endpoint",
} as const;

export interface DatabaseConnectionProps {
  readonly clusterIdentifier: string;
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;
  /** Whether a runbook changes the three above later, and Terraform must leave them. */
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

/** What a service needs to read and write the ledger. */
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
    // Tasks read the password when they start, and would not notice a new one.
    labels: { "database-password-version": String(props.passwordVersion) },
  };
}
