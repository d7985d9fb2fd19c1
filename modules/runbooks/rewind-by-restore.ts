import { checkInput, FAILED, failure, refuseTooNew, refuseTooOld } from "./rewind-frame";
import { call, type Definition, END, FAIL, FAILURE, poll, refuse, type State, tell, text } from "./states";

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
  /** How the engine is supported, as `engine_lifecycle_support` of the live cluster. */
  readonly lifecycleSupport: string;
  /** Whether other regions replicate the live cluster, and so go on holding what was damaged. */
  readonly replicated: boolean;
  /** Where the runbook for people is. */
  readonly runbookUrl: string;
}

/** A restore of a large database takes hours; instances, tasks and a last look do not. */
const RESTORE_HOURS = 12;
const INSTANCE_HOURS = 2;
const TASKS_HOURS = 1;
const SETTLE_HOURS = 0.5;
const POLL_SECONDS = 120;

/**
 * Takes the data back to a given second without backtrack: restores that moment to a second cluster, beside the live
 * one, checks it, and only then leads the tasks to it. The live cluster is never changed and never deleted. Until the
 * tasks are led, an error deletes what was restored; from then on the restored cluster may hold what they wrote, and is
 * kept whatever happens.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html
 */
export function rewindByRestore(props: RewindByRestoreProps): Definition {
  return {
    Comment: "Restores the database to a given second beside the live cluster, and leads the tasks there",
    StartAt: "IsTimeGiven",
    // Long enough for a restore that comes to nothing, and for deleting it.
    TimeoutSeconds: (2 * (RESTORE_HOURS + INSTANCE_HOURS) + TASKS_HOURS + SETTLE_HOURS + 1) * 3600,
    States: {
      ...checkInput("FindLiveCluster"),
      ...inspect(props),
      ...restore(props),
      ...makeInstances(props),
      ...verify(props),
      ...lead(props),
      ...leadBack(props),
      ...takeBack(props),
      ...failure(props.topicArn, props.runbookUrl, "The live cluster is as it was. "),
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

function describeRestored(then: string): State {
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

/** What can be known without looking into the data: whether these are right is for people to say, while the old cluster is there. */
function verify({ restored }: RewindByRestoreProps): Record<string, State> {
  const members = "$.described.cluster.DbClusterMembers";
  return {
    // With its instances there, the cluster may take a moment to settle.
    ...poll({
      what: "Restored",
      everySeconds: POLL_SECONDS,
      hours: SETTLE_HOURS,
      ask: describeRestored,
      status: "$.described.cluster.Status",
      until: "available",
      unless: "*fail*",
      then: "FindWriters",
      giveUp: "FindWriters",
    }),
    FindWriters: {
      Type: "Pass",
      Parameters: { "all.$": members, "writers.$": `${members}[?(@.IsClusterWriter==true)]` },
      ResultPath: "$.members",
      Next: "CountMembers",
    },
    CountMembers: {
      Type: "Pass",
      Parameters: { "all.$": "States.ArrayLength($.members.all)", "writers.$": "States.ArrayLength($.members.writers)" },
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
          Next: "FindLiveClusterAgain",
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
function lead({ parameters, service, topicArn, restored, runbookUrl, replicated }: RewindByRestoreProps): Record<string, State> {
  const values = (cluster: string) => [
    { Name: parameters.writer, "Value.$": `${cluster}.Endpoint` },
    { Name: parameters.reader, "Value.$": `${cluster}.ReaderEndpoint` },
    { Name: parameters.identifier, "Value.$": `${cluster}.DbClusterIdentifier` },
  ];
  const standbys = replicated
    ? "The standby regions still hold the data that were rewound: keep clients from being led there, as the runbook says. "
    : "";
  return {
    // Another rewind may have led the tasks elsewhere in the meantime.
    FindLiveClusterAgain: call(
      "ssm",
      "getParameter",
      { Name: parameters.identifier },
      {
        keep: { ResultSelector: { "identifier.$": "$.Parameter.Value" }, ResultPath: "$.again" },
        then: "IsLiveClusterTheSame",
        caught: [{ on: "DeleteInstances" }],
      },
    ),
    IsLiveClusterTheSame: {
      Type: "Choice",
      Choices: [{ Variable: "$.again.identifier", StringEqualsPath: "$.live.cluster.DbClusterIdentifier", Next: "ListParameters" }],
      Default: "RefuseOvertaken",
    },
    RefuseOvertaken: refuse(
      "Rewind.Overtaken",
      text("Another rewind has led the tasks to {} in the meantime.", "$.again.identifier"),
      "DeleteInstances",
    ),
    ListParameters: {
      Type: "Pass",
      Parameters: { before: values("$.live.cluster"), after: values("$.described.cluster") },
      ResultPath: "$.parameters",
      Next: "LeadToRestored",
    },
    LeadToRestored: putParameters("after", "RollTasks", "LeadBack"),
    RollTasks: rollTasks(service, "AwaitTasks", "LeadBack"),
    ...poll({
      what: "Tasks",
      everySeconds: POLL_SECONDS,
      hours: TASKS_HOURS,
      ask: (then) =>
        call(
          "ecs",
          "describeServices",
          { Cluster: service.cluster, Services: [service.name] },
          {
            keep: {
              ResultSelector: { "primary.$": "$.Services[0].Deployments[?(@.Status=='PRIMARY')]" },
              ResultPath: "$.deployed",
            },
            then,
            caught: [{ on: "LeadBack" }],
          },
        ),
      status: "$.deployed.primary[0].RolloutState",
      until: "COMPLETED",
      unless: "FAILED",
      then: "IsDeploymentTheSame",
      giveUp: "RefuseTasks",
    }),
    IsDeploymentTheSame: {
      Type: "Choice",
      // The circuit breaker takes a failed deployment back by another one, which completes in its place.
      Choices: [
        {
          Variable: "$.deployed.primary[0].Id",
          StringEqualsPath: "$.deployment.primary[0].Id",
          Next: restored.deletionProtection ? "ProtectRestored" : "TellDone",
        },
      ],
      Default: "RefuseTasks",
    },
    RefuseTasks: refuse("Rewind.TasksFailed", "The tasks could not be replaced.", "LeadBack"),
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
        `The tasks use {}, as the data were at {}. The old cluster {} is kept; writes that reached it in the meantime are there. Alarms and backups still follow the old one. ${standbys}What to do next: ${runbookUrl}`,
        "$.restored.identifier",
        "$.to",
        "$.live.cluster.DbClusterIdentifier",
      ),
      "Done",
    ),
    Done: { Type: "Succeed" },
  };
}

/** Once a parameter was changed, tasks may have written to the restored cluster: it is kept, and somebody is told. */
function leadBack({ topicArn, service, parameters }: RewindByRestoreProps): Record<string, State> {
  return {
    LeadBack: putParameters("before", "RollTasksBack", "TellLedHalfway", "$.ledBack"),
    RollTasksBack: rollTasks(service, "TellKept", "TellKept", "$.rolledBack"),
    TellKept: tell(
      topicArn,
      "KEPT: a restored database",
      text(
        "The tasks are being led back to {}. The restored cluster {} may hold what they wrote in the meantime: it is kept, and costs, until you delete it.",
        "$.live.cluster.DbClusterIdentifier",
        "$.restored.identifier",
      ),
      FAILED,
    ),
    TellLedHalfway: tell(
      topicArn,
      "HALFWAY: rewind of the database",
      text(
        `CRITICAL: parameters could be led neither to {} nor back to {}. Put them right by hand: ${Object.values(parameters).join(", ")}. Nothing was deleted.`,
        "$.restored.identifier",
        "$.live.cluster.DbClusterIdentifier",
      ),
      FAILED,
    ),
  };
}

/** Writes a list of parameters, one after the other. */
function putParameters(list: "before" | "after", then: string, caught: string, as = FAILURE): State {
  const state = list === "after" ? "PutNewValue" : "PutOldValue";
  return {
    Type: "Map",
    ItemsPath: `$.parameters.${list}`,
    MaxConcurrency: 1,
    ItemProcessor: {
      StartAt: state,
      States: {
        [state]: call("ssm", "putParameter", { "Name.$": "$.Name", "Value.$": "$.Value", Overwrite: true }, { then: END }),
      },
    },
    ResultPath: null,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: as, Next: caught }],
    Next: then,
  };
}

/** Replaces the service's tasks by new ones. */
function rollTasks(service: RewindByRestoreProps["service"], then: string, on: string, as = FAILURE): State {
  return call(
    "ecs",
    "updateService",
    { Cluster: service.cluster, Service: service.name, ForceNewDeployment: true },
    {
      keep: { ResultSelector: { "primary.$": "$.Service.Deployments[?(@.Status=='PRIMARY')]" }, ResultPath: "$.deployment" },
      then,
      caught: [{ on, as }],
    },
  );
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
