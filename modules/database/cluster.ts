import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { RdsCluster, type RdsClusterConfig } from "@cdktf/provider-aws/lib/rds-cluster";
import type { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group";
import type { Construct } from "constructs";
import { finalSnapshotName } from "../state/final-snapshot";
import type { AuroraProps } from "./aurora-props";
import { backtrackGuard } from "./backtrack";
import { backtrackSeconds, lifecycleSupport } from "./engine";
import { ephemeralValue } from "./ephemeral-value";
import { masterSecretName } from "./master-secret";
import { SecretGuard } from "./password-version";

interface ClusterParts {
  /** Log groups of the logs that RDS exports, by the name of the log. */
  readonly logs: ReadonlyMap<string, CloudwatchLogGroup>;
  readonly parameters: RdsClusterParameterGroup;
  readonly instanceParameters: DbParameterGroup;
  readonly port: number;
  readonly securityGroupId: string;
  /** Secret with the password. Undefined when RDS manages the password. */
  readonly secretArn: string | undefined;
}

/** The cluster and its subnet group. */
export function createCluster(scope: Construct, props: AuroraProps, parts: ClusterParts): RdsCluster {
  const { logs, parameters, port, securityGroupId } = parts;
  const { names, engine } = props;
  const identifier = names.of("rds_cluster");
  const backtrackWindow = backtrackSeconds(engine);
  const subnets = new DbSubnetGroup(scope, "subnets", {
    name: names.of("db_subnet_group"),
    description: "Data subnets of every zone",
    subnetIds: props.subnetIds,
  });
  return new RdsCluster(scope, "cluster", {
    clusterIdentifier: identifier,
    engine: engine.kind,
    engineVersion: engine.version,
    engineLifecycleSupport: lifecycleSupport(props.extendedSupport),
    port: port,
    ...(backtrackWindow !== undefined && { backtrackWindow }),
    ...(props.serverless && {
      serverlessv2ScalingConfiguration: { minCapacity: props.serverless.minAcu, maxCapacity: props.serverless.maxAcu },
    }),
    ...identity(scope, props, parts),
    storageEncrypted: true,
    kmsKeyId: props.keyArn,
    dbSubnetGroupName: subnets.name,
    vpcSecurityGroupIds: [securityGroupId],
    dbClusterParameterGroupName: parameters.name,
    iamDatabaseAuthenticationEnabled: true,
    enabledCloudwatchLogsExports: [...logs.keys()],
    backupRetentionPeriod: props.backupRetentionDays,
    preferredBackupWindow: props.backupWindow,
    preferredMaintenanceWindow: props.maintenanceWindow,
    copyTagsToSnapshot: true,
    deletionProtection: props.deletionProtection,
    // Otherwise a new password would wait for the maintenance window, and new tasks could not connect until then.
    applyImmediately: true,
    skipFinalSnapshot: !props.finalSnapshot,
    // The provider takes a member out of the global database before it deletes it, so each member can have a snapshot, and after
    // a takeover that of the writer is complete.
    ...(props.finalSnapshot && {
      finalSnapshotIdentifier: finalSnapshotName(scope, identifier, {
        engine: engine.kind,
        databaseName: props.databaseName,
        masterUsername: props.masterUsername,
        key: props.keyArn,
      }),
    }),
    dependsOn: [...logs.values()],
  });
}

/** RDS cannot change it, and each plan would show a difference. */
const AT_CREATION_ONLY = ["engine_lifecycle_support"];

/** Arguments that depend on the membership: the first database and its owner, or the global database that the cluster joins. */
function identity(scope: Construct, props: AuroraProps, { secretArn, instanceParameters }: ClusterParts): Partial<RdsClusterConfig> {
  const { membership, databaseName, masterUsername, keyArn } = props;
  const member: Partial<RdsClusterConfig> =
    membership.kind === "alone"
      ? {
          // A new major version requires both. The members of a global database are upgraded on the global cluster.
          allowMajorVersionUpgrade: true,
          dbInstanceParameterGroupName: instanceParameters.name,
          // While other regions are removed, the provider must not take the cluster out of the global database: its tasks still
          // use the endpoint of the global database. The stack `global` is applied last and deletes the global database.
          lifecycle: {
            ignoreChanges: ["global_cluster_identifier", "replication_source_identifier", ...AT_CREATION_ONLY],
            ...backtrackGuard(scope, props.engine),
          },
        }
      : {
          globalClusterIdentifier: membership.globalCluster,
          // A failover swaps the roles, and an upgrade is made on the global cluster: Terraform must not revert either of them.
          // A change of the other three, by another order of the regions, would replace a cluster with its data.
          lifecycle: {
            ignoreChanges: [
              "global_cluster_identifier",
              "replication_source_identifier",
              "engine_version",
              "source_region",
              "database_name",
              "master_username",
              ...AT_CREATION_ONLY,
            ],
          },
        };
  // A secondary has no master user: it replicates that of the primary.
  if (membership.kind === "secondary") return { ...member, sourceRegion: membership.primaryRegion };
  const owner = { ...member, databaseName, masterUsername };
  if (props.password === "managed-by-rds") return { ...owner, manageMasterUserPassword: true, masterUserSecretKmsKeyId: keyArn };
  const secret = ephemeralValue(scope, "aws_secretsmanager_secret_version", "database", { secret_id: secretArn });
  const guard = new SecretGuard(scope, "secret-guard", { secretName: masterSecretName(props.names), version: props.passwordVersion });
  return {
    ...owner,
    lifecycle: { ...owner.lifecycle, precondition: [...(owner.lifecycle?.precondition ?? []), guard.precondition] },
    masterPasswordWo: `\${jsondecode(${secret}.secret_string)["password"]}`,
    masterPasswordWoVersion: props.passwordVersion,
  };
}
