import { pollInstance } from "../instance-states";
import { instanceParameters, tagList } from "../instance-parameters";
import { poll } from "../poll";
import { FAIL, failWith, forEach, type State, text } from "../states";
import { call, notify } from "../tasks";
import { progress } from "./rewind-common";
import { describeRestored, INSTANCE_HOURS, INSTANCE_POLL_SECONDS, POLL_SECONDS, RESTORE_HOURS, type RestoreProps } from "./restore-common";

/**
 * Restores the data of `$.to` to a second cluster and creates its instances. Begins at `NameRestoredCluster`, continues at
 * `ResetRestoredClusterAttempts`. Errors continue at `DeleteInstances`.
 */
export function restoreCluster(props: RestoreProps): Record<string, State> {
  return { ...restore(props), ...createInstances(props) };
}

function restore(props: RestoreProps): Record<string, State> {
  const { template, topicArn } = props;
  return {
    NameRestoredCluster: {
      Type: "Pass",
      Parameters: {
        "identifier.$": `States.Format('${props.restoredPrefix}-{}', States.ArrayGetItem(States.StringSplit(States.UUID(), '-'), 0))`,
        instances: template.instances.map(({ name, zone, tier, maintenanceWindow }) => ({
          suffix: zone.slice(-1) + name.slice(zone.length),
          zone,
          tier,
          maintenanceWindow,
        })),
      },
      ResultPath: "$.restored",
      Next: "NotifyStart",
    },
    NotifyStart: notify(
      topicArn,
      "STARTED: database rewind",
      text(
        "WARNING: the rewind of the database to {} has started. The data are restored to the cluster {}, beside the live cluster.",
        "$.to",
        "$.restored.identifier",
      ),
      "RestoreCluster",
    ),
    RestoreCluster: call("rds", "restoreDBClusterToPointInTime", restoreParameters(props), {
      next: "ResetRestoreAttempts",
      catchers: [{ next: "DeleteInstances" }],
    }),
    ...poll({
      name: "Restore",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: RESTORE_HOURS,
      progress: progress(topicArn, "The restore of the cluster"),
      describe: describeRestored,
      statusPath: "$.described.cluster.Status",
      successStatus: "available",
      failurePattern: "*fail*",
      onSuccess: "CreateInstances",
      onFailure: "FailRestore",
    }),
    FailRestore: failWith(
      "Rewind.RestoreFailed",
      text("The restored cluster {} is not available: its status is {}.", "$.restored.identifier", "$.described.cluster.Status"),
      "DeleteInstances",
    ),
  };
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html */
function restoreParameters({ template, lifecycleSupport, tags }: RestoreProps): object {
  return {
    "DbClusterIdentifier.$": "$.restored.identifier",
    "SourceDBClusterIdentifier.$": "$.live.cluster.DbClusterIdentifier",
    "RestoreToTime.$": "$.to",
    RestoreType: "full-copy",
    Port: template.port,
    DbSubnetGroupName: template.subnetGroup,
    VpcSecurityGroupIds: [template.securityGroupId],
    DbClusterParameterGroupName: template.clusterParameterGroup,
    KmsKeyId: template.keyArn,
    EnableIAMDatabaseAuthentication: true,
    EngineLifecycleSupport: lifecycleSupport,
    CopyTagsToSnapshot: true,
    // No log exports: RDS would create log groups that are never deleted. Terraform adds the exports to the cluster that stays.
    ...(template.serverless && {
      ServerlessV2ScalingConfiguration: { MinCapacity: template.serverless.minAcu, MaxCapacity: template.serverless.maxAcu },
    }),
    Tags: tagList(tags),
  };
}

/** A restored cluster has no instance. */
function createInstances({ template, tags, topicArn }: RestoreProps): Record<string, State> {
  return {
    CreateInstances: forEach({
      itemsPath: "$.restored.instances",
      itemSelector: {
        "identifier.$": "States.Format('{}-{}', $.restored.identifier, $$.Map.Item.Value.suffix)",
        "cluster.$": "$.restored.identifier",
        "zone.$": "$$.Map.Item.Value.zone",
        "tier.$": "$$.Map.Item.Value.tier",
        "maintenanceWindow.$": "$$.Map.Item.Value.maintenanceWindow",
      },
      states: {
        CreateInstance: call(
          "rds",
          "createDBInstance",
          {
            "DbInstanceIdentifier.$": "$.identifier",
            "DbClusterIdentifier.$": "$.cluster",
            "AvailabilityZone.$": "$.zone",
            "PromotionTier.$": "$.tier",
            "PreferredMaintenanceWindow.$": "$.maintenanceWindow",
            ...instanceParameters(template, tags),
          },
          { next: "ResetInstanceAttempts" },
        ),
        ...pollInstance({
          identifier: { "DbInstanceIdentifier.$": "$.identifier" },
          intervalSeconds: INSTANCE_POLL_SECONDS,
          timeoutHours: INSTANCE_HOURS,
          progress: progress(topicArn, "The creation of a database instance"),
          onSuccess: "InstanceAvailable",
          onFailure: "FailInstance",
        }),
        FailInstance: failWith(
          "Rewind.InstanceFailed",
          text("The instance {} is not available: its status is {}.", "$.identifier", "$.instance.status"),
          "InstanceFailed",
        ),
        InstanceFailed: FAIL,
        InstanceAvailable: { Type: "Succeed" },
      },
      next: "ResetRestoredClusterAttempts",
      catcher: { next: "DeleteInstances" },
    }),
  };
}
