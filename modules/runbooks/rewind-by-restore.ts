import { checkInput, FAILED, refuseTooNew, refuseTooOld } from "./rewind-input";
import { call, type Definition, END, FAIL, FAILURE, refuse, type State, tell, text, wait } from "./states";

/** What a second cluster of the same make as the live one needs. */
export interface RestoredCluster {
  readonly engine: string;
  readonly port: number;
  readonly logs: readonly string[];
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

export interface RewindByRestoreProps {
  readonly topicArn: string;
  /** Names of restored clusters begin with this, and end in eight random letters and digits. */
  readonly restoredPrefix: string;
  readonly restored: RestoredCluster;
  readonly backupRetentionDays: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Parameters in Systems Manager that tell which cluster is live, and where. */
  readonly parameters: { readonly identifier: string; readonly writer: string; readonly reader: string };
  /** The service whose tasks read those parameters when they start. */
  readonly service: { readonly cluster: string; readonly name: string };
  /** Where the runbook for people is. */
  readonly runbookUrl: string;
}

/** A restore of a large database takes hours; an instance does not. */
const RESTORE_HOURS = 12;
const INSTANCE_HOURS = 2;
const POLL_SECONDS = 30;
const PER_HOUR = 3600 / POLL_SECONDS;

/**
 * Takes the data back to a given second without backtrack: restores that moment to a second cluster, beside the live
 * one, checks it, and only then leads the tasks to it. The live cluster is never changed and never deleted: until the
 * last step an error takes back whatever was made, and after it the old cluster is still there.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html
 */
export function rewindByRestore(props: RewindByRestoreProps): Definition {
  return {
    Comment: "Restores the database to a given second beside the live cluster, and leads the tasks there",
    StartAt: "IsTimeGiven",
    // Long enough for a restore that comes to nothing, and for deleting it.
    TimeoutSeconds: 2 * (RESTORE_HOURS + INSTANCE_HOURS) * 3600,
    States: {
      ...checkInput("FindLiveCluster"),
      ...inspect(props),
      ...restore(props),
      ...makeInstances(props),
      ...verify(props),
      ...swap(props),
      ...takeBack(props),
      TellFailure: tell(
        props.topicArn,
        "FAILED: rewind of the database",
        text(
          `CRITICAL: the rewind to {} failed: {} {} The live cluster is as it was. Runbook: ${props.runbookUrl}`,
          "$.to",
          `${FAILURE}.Error`,
          `${FAILURE}.Cause`,
        ),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

/** Which cluster is live, and does its backup reach that far? */
function inspect({ parameters }: RewindByRestoreProps): Record<string, State> {
  return {
    FindLiveCluster: call(
      "ssm",
      "getParameter",
      { Name: parameters.identifier },
      {
        keep: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.live" },
        then: "DescribeLiveCluster",
        caught: [{ on: FAILED }],
      },
    ),
    DescribeLiveCluster: call(
      "rds",
      "describeDBClusters",
      { "DbClusterIdentifier.$": "$.live.identifier" },
      {
        keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.live" },
        then: "IsTimeInBackup",
        caught: [{ on: FAILED }],
      },
    ),
    IsTimeInBackup: {
      Type: "Choice",
      Choices: [
        { Not: { Variable: "$.live.cluster.EarliestRestorableTime", IsPresent: true }, Next: "RefuseWithoutBackup" },
        { Variable: "$.to", TimestampLessThanPath: "$.live.cluster.EarliestRestorableTime", Next: "RefuseTooOld" },
        { Variable: "$.to", TimestampGreaterThanPath: "$.live.cluster.LatestRestorableTime", Next: "RefuseTooNew" },
      ],
      Default: "NameRestored",
    },
    RefuseWithoutBackup: refuse(
      "Rewind.NoBackup",
      "The cluster has no backup to go back to: a secondary of a global database gets one when it is promoted. Nothing was changed.",
      FAILED,
    ),
    RefuseTooOld: refuseTooOld("$.live.cluster.EarliestRestorableTime"),
    RefuseTooNew: refuseTooNew("$.live.cluster.LatestRestorableTime"),
  };
}

function restore(props: RewindByRestoreProps): Record<string, State> {
  const { restored, topicArn } = props;
  return {
    NameRestored: {
      Type: "Pass",
      Parameters: {
        "identifier.$": `States.Format('${props.restoredPrefix}-{}', States.ArrayGetItem(States.StringSplit(States.UUID(), '-'), 0))`,
        places: restored.instances.map(({ name, zone, tier }) => ({ suffix: zone.slice(-1) + name.slice(zone.length), zone, tier })),
        tries: 0,
      },
      ResultPath: "$.restored",
      Next: "TellStart",
    },
    TellStart: tell(
      topicArn,
      "STARTED: rewind of the database",
      text("The database is being restored as it was at {}, as {}, beside the live cluster.", "$.to", "$.restored.identifier"),
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
        EnableCloudwatchLogsExports: [...restored.logs],
        BackupRetentionPeriod: props.backupRetentionDays,
        CopyTagsToSnapshot: true,
        ...(restored.serverless && {
          ServerlessV2ScalingConfiguration: { MinCapacity: restored.serverless.minAcu, MaxCapacity: restored.serverless.maxAcu },
        }),
        Tags: tagList(props.tags),
      },
      { then: "WaitForCluster", caught: [{ on: "DeleteInstances" }] },
    ),
    WaitForCluster: wait(POLL_SECONDS, "DescribeCluster"),
    DescribeCluster: call(
      "rds",
      "describeDBClusters",
      { "DbClusterIdentifier.$": "$.restored.identifier" },
      {
        keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.described" },
        then: "CountTry",
        caught: [{ on: "DeleteInstances" }],
      },
    ),
    CountTry: {
      Type: "Pass",
      Parameters: {
        "identifier.$": "$.restored.identifier",
        "places.$": "$.restored.places",
        "tries.$": "States.MathAdd($.restored.tries, 1)",
      },
      ResultPath: "$.restored",
      Next: "IsClusterThere",
    },
    IsClusterThere: {
      Type: "Choice",
      Choices: [
        { Variable: "$.described.cluster.Status", StringEquals: "available", Next: "MakeInstances" },
        { Variable: "$.restored.tries", NumericGreaterThanEquals: RESTORE_HOURS * PER_HOUR, Next: "GiveUpRestore" },
        { Variable: "$.described.cluster.Status", StringMatches: "*fail*", Next: "GiveUpRestore" },
      ],
      Default: "WaitForCluster",
    },
    GiveUpRestore: refuse(
      "Rewind.RestoreFailed",
      text("The restored cluster {} is still {}.", "$.restored.identifier", "$.described.cluster.Status"),
      "DeleteInstances",
    ),
  };
}

/** A restored cluster has data, and no instance to serve them. */
function makeInstances({ restored, tags }: RewindByRestoreProps): Record<string, State> {
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
        tries: 0,
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
              Engine: restored.engine,
              DbInstanceClass: restored.instanceClass,
              "AvailabilityZone.$": "$.zone",
              "PromotionTier.$": "$.tier",
              DbParameterGroupName: restored.instanceParameterGroup,
              PubliclyAccessible: false,
              AutoMinorVersionUpgrade: false,
              CopyTagsToSnapshot: true,
              EnablePerformanceInsights: true,
              PerformanceInsightsKMSKeyId: restored.keyArn,
              PerformanceInsightsRetentionPeriod: restored.performanceInsightsRetentionDays,
              MonitoringInterval: restored.monitoringIntervalSeconds,
              MonitoringRoleArn: restored.monitoringRoleArn,
              Tags: tagList(tags),
            },
            { then: "WaitForInstance" },
          ),
          WaitForInstance: wait(POLL_SECONDS, "DescribeInstance"),
          DescribeInstance: call(
            "rds",
            "describeDBInstances",
            { "DbInstanceIdentifier.$": "$.identifier" },
            {
              keep: { ResultSelector: { "Status.$": "$.DbInstances[0].DbInstanceStatus" }, ResultPath: "$.instance" },
              then: "CountInstanceTry",
            },
          ),
          CountInstanceTry: {
            Type: "Pass",
            Parameters: {
              "identifier.$": "$.identifier",
              "instance.$": "$.instance",
              "tries.$": "States.MathAdd($.tries, 1)",
            },
            Next: "IsInstanceThere",
          },
          IsInstanceThere: {
            Type: "Choice",
            Choices: [
              { Variable: "$.instance.Status", StringEquals: "available", Next: "InstanceThere" },
              { Variable: "$.tries", NumericGreaterThanEquals: INSTANCE_HOURS * PER_HOUR, Next: "GiveUpInstance" },
              { Variable: "$.instance.Status", StringMatches: "*fail*", Next: "GiveUpInstance" },
            ],
            Default: "WaitForInstance",
          },
          GiveUpInstance: failed,
          InstanceFailed: FAIL,
          InstanceThere: { Type: "Succeed" },
        },
      },
      ResultPath: null,
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: "DeleteInstances" }],
      Next: "InspectRestored",
    },
  };
}

/** What can be known without looking into the data: whether these are right is for people to say, while the old cluster is there. */
function verify({ restored }: RewindByRestoreProps): Record<string, State> {
  const members = "$.described.cluster.DbClusterMembers";
  return {
    InspectRestored: call(
      "rds",
      "describeDBClusters",
      { "DbClusterIdentifier.$": "$.restored.identifier" },
      {
        keep: { ResultSelector: { "cluster.$": "$.DbClusters[0]" }, ResultPath: "$.described" },
        then: "CountMembers",
        caught: [{ on: "DeleteInstances" }],
      },
    ),
    CountMembers: {
      Type: "Pass",
      Parameters: {
        "all.$": `States.ArrayLength(${members})`,
        "writers.$": `States.ArrayLength(${members}[?(@.IsClusterWriter==true)])`,
      },
      ResultPath: "$.members",
      Next: "IsRestoredWell",
    },
    IsRestoredWell: {
      Type: "Choice",
      Choices: [
        {
          And: [
            { Variable: "$.described.cluster.Status", StringEquals: "available" },
            { Variable: "$.described.cluster.EngineVersion", StringEqualsPath: "$.live.cluster.EngineVersion" },
            { Variable: "$.described.cluster.KmsKeyId", StringEqualsPath: "$.live.cluster.KmsKeyId" },
            { Variable: "$.described.cluster.StorageEncrypted", BooleanEquals: true },
            { Variable: "$.members.all", NumericEquals: restored.instances.length },
            { Variable: "$.members.writers", NumericEquals: 1 },
          ],
          Next: "ListParameters",
        },
      ],
      Default: "RefuseRestored",
    },
    RefuseRestored: refuse(
      "Rewind.VerificationFailed",
      text(
        "The restored cluster {} is not like the live one: status {}, version {}, {} instances of which {} write.",
        "$.restored.identifier",
        "$.described.cluster.Status",
        "$.described.cluster.EngineVersion",
        "$.members.all",
        "$.members.writers",
      ),
      "DeleteInstances",
    ),
  };
}

/** Leads the tasks to the restored cluster: new ones read the parameters when they start. */
function swap({ parameters, service, topicArn, restored, runbookUrl }: RewindByRestoreProps): Record<string, State> {
  const values = (cluster: string) => [
    { Name: parameters.writer, "Value.$": `${cluster}.Endpoint` },
    { Name: parameters.reader, "Value.$": `${cluster}.ReaderEndpoint` },
    { Name: parameters.identifier, "Value.$": `${cluster}.DbClusterIdentifier` },
  ];
  const put = (list: string, state: string, then: string, caught: string): State => ({
    Type: "Map",
    ItemsPath: list,
    MaxConcurrency: 1,
    ItemProcessor: {
      StartAt: state,
      States: {
        [state]: call("ssm", "putParameter", { "Name.$": "$.Name", "Value.$": "$.Value", Overwrite: true }, { then: END }),
      },
    },
    ResultPath: null,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: FAILURE, Next: caught }],
    Next: then,
  });
  return {
    ListParameters: {
      Type: "Pass",
      Parameters: { before: values("$.live.cluster"), after: values("$.described.cluster") },
      ResultPath: "$.parameters",
      Next: "LeadToRestored",
    },
    LeadToRestored: put("$.parameters.after", "PutNewValue", "RollTasks", "LeadBack"),
    RollTasks: call(
      "ecs",
      "updateService",
      { Cluster: service.cluster, Service: service.name, ForceNewDeployment: true },
      { then: restored.deletionProtection ? "ProtectRestored" : "TellDone", caught: [{ on: "LeadBack" }] },
    ),
    ...(restored.deletionProtection && {
      ProtectRestored: call(
        "rds",
        "modifyDBCluster",
        { "DbClusterIdentifier.$": "$.restored.identifier", DeletionProtection: true, ApplyImmediately: true },
        // The tasks are there already: without protection is worse than with it, and better than going back.
        { then: "TellDone", caught: [{ on: "TellDone" }] },
      ),
    }),
    TellDone: tell(
      topicArn,
      "DONE: rewind of the database",
      text(
        `The tasks are being led to {}, as it was at {}. The old cluster {} is kept; writes that reached it in the meantime are there. What to do next: ${runbookUrl}`,
        "$.restored.identifier",
        "$.to",
        "$.live.cluster.DbClusterIdentifier",
      ),
      "Done",
    ),
    Done: { Type: "Succeed" },
    LeadBack: put("$.parameters.before", "PutOldValue", "DeleteInstances", "SayLedHalfway"),
    SayLedHalfway: refuse(
      "Rewind.LedHalfway",
      text(
        `Parameters could be led neither to {} nor back: put them right by hand (${Object.values(parameters).join(", ")}). Nothing was deleted.`,
        "$.restored.identifier",
      ),
      FAILED,
    ),
  };
}

/** Deletes what was restored, as far as it came. */
function takeBack({ topicArn }: RewindByRestoreProps): Record<string, State> {
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

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
