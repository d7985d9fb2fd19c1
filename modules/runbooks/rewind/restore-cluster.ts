import { newInstance, tagList } from "../instance-parameters";
import { FAILED } from "./rewind-common";
import { call, END, FAIL, FAILURE, poll, refuse, type State, tell, text } from "../states";

/** What a second cluster of the same make as the live one needs, in RDS's own terms. */
export interface RestoredCluster {
  readonly engine: string;
  readonly port: number;
  readonly keyArn: string;
  readonly subnetGroup: string;
  readonly securityGroupId: string;
  readonly clusterParameterGroup: string;
  readonly instanceParameterGroup: string;
  readonly instanceClass: string;
  readonly serverless?: { readonly minAcu: number; readonly maxAcu: number } | undefined;
  readonly monitoringRoleArn: string;
  readonly monitoringIntervalSeconds: number;
  readonly performanceInsightsRetentionDays: number;
  readonly deletionProtection: boolean;
  readonly instances: readonly { readonly name: string; readonly zone: string; readonly tier: number }[];
}

export interface RestoreClusterProps {
  /** Topic of the people on call. */
  readonly topicArn: string;
  /** Names of restored clusters begin with this, and end in eight random letters and digits. */
  readonly restoredPrefix: string;
  readonly restored: RestoredCluster;
  /** Days that the restored cluster keeps its own continuous backups, 1–35. */
  readonly backupRetentionDays: number;
  /** How the engine is supported, as `engine_lifecycle_support` of the live cluster. */
  readonly lifecycleSupport: string;
  /** Tags of everything that is made. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A restore of a large database takes hours; an instance does not. */
export const RESTORE_HOURS = 12;
export const INSTANCE_HOURS = 2;
export const POLL_SECONDS = 120;

/**
 * Restores the data of `$.to` to a second cluster and makes its instances. Begins at `NameRestored`, goes on at
 * `AwaitRestored`; what goes wrong goes to `DeleteInstances`.
 */
export function restoreCluster(props: RestoreClusterProps): Record<string, State> {
  return { ...restore(props), ...makeInstances(props) };
}

function restore(props: RestoreClusterProps): Record<string, State> {
  const { restored, topicArn } = props;
  return {
    NameRestored: {
      Type: "Pass",
      Parameters: {
        "identifier.$": `States.Format('${props.restoredPrefix}-{}', States.ArrayGetItem(States.StringSplit(States.UUID(), '-'), 0))`,
        places: restored.instances.map(({ name, zone, tier }) => ({ suffix: zone.slice(-1) + name.slice(zone.length), zone, tier })),
      },
      ResultPath: "$.restored",
      Next: "TellStart",
    },
    TellStart: tell(
      topicArn,
      "STARTED: rewind of the database",
      text("WARNING: the database is being restored as it was at {}, as {}, beside the live cluster.", "$.to", "$.restored.identifier"),
      "RestoreCluster",
    ),
    RestoreCluster: call(
      "rds",
      "restoreDBClusterToPointInTime",
      {
        "DbClusterIdentifier.$": "$.restored.identifier",
        "SourceDBClusterIdentifier.$": "$.live.cluster.DbClusterIdentifier",
        "RestoreToTime.$": "$.to",
        RestoreType: "full-copy",
        Port: restored.port,
        DbSubnetGroupName: restored.subnetGroup,
        VpcSecurityGroupIds: [restored.securityGroupId],
        DbClusterParameterGroupName: restored.clusterParameterGroup,
        KmsKeyId: restored.keyArn,
        EnableIAMDatabaseAuthentication: true,
        BackupRetentionPeriod: props.backupRetentionDays,
        EngineLifecycleSupport: props.lifecycleSupport,
        CopyTagsToSnapshot: true,
        // No exports of logs: RDS would make groups for them that nobody ever deletes. Terraform adds them to the cluster that stays.
        ...(restored.serverless && {
          ServerlessV2ScalingConfiguration: { MinCapacity: restored.serverless.minAcu, MaxCapacity: restored.serverless.maxAcu },
        }),
        Tags: tagList(props.tags),
      },
      { then: "AwaitCluster", caught: [{ on: "DeleteInstances" }] },
    ),
    ...poll({
      what: "Cluster",
      everySeconds: POLL_SECONDS,
      hours: RESTORE_HOURS,
      ask: describeRestored,
      status: "$.described.cluster.Status",
      until: "available",
      unless: "*fail*",
      then: "MakeInstances",
      giveUp: "GiveUpRestore",
    }),
    GiveUpRestore: refuse(
      "Rewind.RestoreFailed",
      text("The restored cluster {} is still {}.", "$.restored.identifier", "$.described.cluster.Status"),
      "DeleteInstances",
    ),
  };
}

/** Asks for the restored cluster, kept as `$.described`. */
export function describeRestored(then: string): State {
  return call(
    "rds",
    "describeDBClusters",
    { "DbClusterIdentifier.$": "$.restored.identifier" },
    {
      keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.described" },
      then,
      caught: [{ on: "DeleteInstances" }],
    },
  );
}

/** A restored cluster has data, and no instance to serve them. */
function makeInstances({ restored, tags }: RestoreClusterProps): Record<string, State> {
  const failed = refuse(
    "Rewind.InstanceFailed",
    text("The instance {} is still {}.", "$.identifier", "$.instance.Status"),
    "InstanceFailed",
  );
  return {
    MakeInstances: {
      Type: "Map",
      ItemsPath: "$.restored.places",
      ItemSelector: {
        "identifier.$": "States.Format('{}-{}', $.restored.identifier, $$.Map.Item.Value.suffix)",
        "cluster.$": "$.restored.identifier",
        "zone.$": "$$.Map.Item.Value.zone",
        "tier.$": "$$.Map.Item.Value.tier",
      },
      ItemProcessor: {
        StartAt: "MakeInstance",
        States: {
          MakeInstance: call(
            "rds",
            "createDBInstance",
            {
              "DbInstanceIdentifier.$": "$.identifier",
              "DbClusterIdentifier.$": "$.cluster",
              "AvailabilityZone.$": "$.zone",
              "PromotionTier.$": "$.tier",
              ...newInstance(restored, tags),
            },
            { then: "AwaitInstance" },
          ),
          ...poll({
            what: "Instance",
            everySeconds: POLL_SECONDS,
            hours: INSTANCE_HOURS,
            ask: (then) =>
              call(
                "rds",
                "describeDBInstances",
                { "DbInstanceIdentifier.$": "$.identifier" },
                { keep: { ResultSelector: { "Status.$": "$.DbInstances[0].DbInstanceStatus" }, ResultPath: "$.instance" }, then },
              ),
            status: "$.instance.Status",
            until: "available",
            unless: "*fail*",
            then: "InstanceThere",
            giveUp: "GiveUpInstance",
          }),
          GiveUpInstance: failed,
          InstanceFailed: FAIL,
          InstanceThere: { Type: "Succeed" },
        },
      },
      ResultPath: null,
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: "DeleteInstances" }],
      Next: "AwaitRestored",
    },
  };
}

/** Deletes what was restored, as far as it came. Begins at `DeleteInstances`. */
export function deleteRestored({ topicArn }: Pick<RestoreClusterProps, "topicArn">): Record<string, State> {
  return {
    DeleteInstances: {
      Type: "Map",
      ItemsPath: "$.restored.places",
      ItemSelector: { "identifier.$": "States.Format('{}-{}', $.restored.identifier, $$.Map.Item.Value.suffix)" },
      ItemProcessor: {
        StartAt: "DeleteInstance",
        States: {
          DeleteInstance: call(
            "rds",
            "deleteDBInstance",
            { "DbInstanceIdentifier.$": "$.identifier", SkipFinalSnapshot: true },
            {
              then: END,
              notYet: { error: "Rds.InvalidDbInstanceStateException", minutes: INSTANCE_HOURS * 60 },
              caught: [{ on: "NoInstance", as: "$.undeleted" }],
            },
          ),
          NoInstance: { Type: "Succeed" },
        },
      },
      ResultPath: null,
      Next: "DeleteCluster",
    },
    DeleteCluster: call(
      "rds",
      "deleteDBCluster",
      { "DbClusterIdentifier.$": "$.restored.identifier", SkipFinalSnapshot: true },
      {
        then: FAILED,
        // A cluster that is being made cannot be deleted before it is there.
        notYet: { error: "Rds.InvalidDbClusterStateException", minutes: RESTORE_HOURS * 60 },
        caught: [
          { on: FAILED, errors: ["Rds.DbClusterNotFoundException"], as: "$.undeleted" },
          { on: "TellLeftBehind", as: "$.undeleted" },
        ],
      },
    ),
    TellLeftBehind: tell(
      topicArn,
      "LEFT BEHIND: a restored database",
      text(
        "The restored cluster {} could not be deleted and goes on costing: {} {}",
        "$.restored.identifier",
        "$.undeleted.Error",
        "$.undeleted.Cause",
      ),
      FAILED,
    ),
  };
}
