import { type DBInstance, paginateDescribeDBClusterParameters } from "@aws-sdk/client-rds";
import { traits } from "../../../modules/database/engine";
import { engineOf } from "../../../stacks/database-engine";
import { type Check, checkEach, checkResource, compareSets, differences } from "../check";
import type { LiveRegion } from "../live-region";

/** Statuses in which an instance serves: backups, and changes without a restart, do not interrupt it. */
const SERVING = ["available", "backing-up", "configuring-enhanced-monitoring", "storage-optimization"];

export const DATABASE: readonly Check<LiveRegion>[] = [
  {
    requirement: "The database has the configured engine, engine version and instance class",
    requirementIds: ["S000-T2", "S000-C1", "S002-1.1", "S002-T2", "S004-1.1", "S004-1.5", "S004-P5"],
    violations: async (live) => {
      const { engine, engineVersion, instanceClass } = live.config.database;
      const cluster = await live.cluster();
      return [
        ...differences({ engine: [cluster.Engine, engine], version: [cluster.EngineVersion, engineVersion] }),
        ...(await checkInstances(live, ({ DBInstanceClass }) => differences({ class: [DBInstanceClass, instanceClass] }))),
      ];
    },
    notes: async (live) => {
      const { DBClusterIdentifier } = await live.cluster();
      return DBClusterIdentifier === live.ownNames.of("rds_cluster") ? [] : [`a rewind has switched the tasks to ${DBClusterIdentifier}`];
    },
  },
  {
    requirement: "The database has the configured number of available instances, across all Availability Zones",
    requirementIds: [
      "S000-G3",
      "S000-1.1",
      "S000-1.2",
      "S000-C2",
      "S000-D2",
      "S002-G2",
      "S002-1.1",
      "S002-D2",
      "S003-2.1",
      "S003-D5",
      "S004-G2",
      "S004-1.2",
      "S004-1.5",
      "S004-D2",
    ],
    appliesTo: (live) => live.hasDatabaseInstances,
    violations: async (live) => {
      const instances = await live.instances();
      const available = instances.filter(({ DBInstanceStatus = "" }) => SERVING.includes(DBInstanceStatus));
      const stopped = instances.filter((instance) => !available.includes(instance));
      return [
        ...(await missingInstances(live)),
        ...stopped.map(({ DBInstanceIdentifier, DBInstanceStatus }) => `${DBInstanceIdentifier} is ${DBInstanceStatus}`),
        ...emptyZones(live, available),
      ];
    },
  },
  {
    requirement: "The database has exactly one writer, and can fail over to another Availability Zone",
    requirementIds: [
      "S000-1.3",
      "S000-T2",
      "S000-C1",
      "S002-1.2",
      "S002-C3",
      "S002-S3",
      "S003-2.2",
      "S003-T3",
      "S003-C1",
      "S004-P4",
      "S004-C4",
      "S004-S3",
    ],
    appliesTo: (live) => live.hasDatabaseInstances && live.config.regions.length === 1,
    violations: async (live) => {
      const { MultiAZ, DBClusterMembers = [] } = await live.cluster();
      const writers = DBClusterMembers.filter(({ IsClusterWriter }) => IsClusterWriter === true).length;
      return differences({
        "number of writers": [writers, 1],
        ...(live.capacity.databaseInstances > 1 && { "Multi-AZ": [MultiAZ, true] }),
      });
    },
  },
  {
    requirement: "The database, its instances and Performance Insights are encrypted with the database key",
    requirementIds: ["S000-T8", "S000-T16", "S000-S4", "S000-D10", "S002-C9", "S002-S4", "S004-T11", "S004-C7"],
    violations: async (live) => {
      const key = await live.key("database");
      const cluster = await live.cluster();
      return [
        ...differences({ encryption: [cluster.StorageEncrypted, true], key: [cluster.KmsKeyId, key] }),
        ...(await checkInstances(live, (instance) =>
          differences({
            encryption: [instance.StorageEncrypted, true],
            key: [instance.KmsKeyId, key],
            "key of Performance Insights": [instance.PerformanceInsightsKMSKeyId, key],
          }),
        )),
      ];
    },
  },
  {
    requirement: "The database accepts TLS connections only",
    requirementIds: ["S002-C9", "S002-S4", "S004-T12"],
    violations: async (live) => {
      const { DBClusterParameterGroup: group } = await live.cluster();
      const found = new Map<string | undefined, string | undefined>();
      const pages = paginateDescribeDBClusterParameters({ client: live.own.rds }, { DBClusterParameterGroupName: group });
      for await (const { Parameters = [] } of pages)
        for (const { ParameterName, ParameterValue } of Parameters) found.set(ParameterName, ParameterValue);
      const [name, desired] = live.config.database.engine === "aurora-mysql" ? ["require_secure_transport", "ON"] : ["rds.force_ssl", "1"];
      return differences({ [`${name} of ${group}`]: [found.get(name), desired] });
    },
  },
  {
    requirement: "The database is in the data subnets and is not publicly accessible",
    requirementIds: ["S000-T9", "S000-D11", "S003-9.6", "S004-C7"],
    violations: async (live) => {
      const data = new Set((await live.subnetsOf("data")).map(({ SubnetId }) => SubnetId));
      return checkInstances(live, ({ PubliclyAccessible, DBSubnetGroup }) => [
        ...differences({ "public access": [PubliclyAccessible, false] }),
        ...(DBSubnetGroup?.Subnets ?? [])
          .filter(({ SubnetIdentifier }) => !data.has(SubnetIdentifier))
          .map(({ SubnetIdentifier }) => `can be in ${SubnetIdentifier}, which is not a data subnet`),
      ]);
    },
  },
  {
    requirement: "Point-in-time recovery of the database covers the configured number of days",
    requirementIds: [
      "S000-1.4",
      "S000-C3",
      "S002-1.3",
      "S002-C1",
      "S002-S2",
      "S003-2.3",
      "S003-2.6",
      "S003-G4",
      "S003-G5",
      "S003-C5",
      "S003-S2",
      "S004-1.3",
      "S004-1.4",
      "S004-C2",
      "S004-C8",
      "S004-D2",
    ],
    violations: async (live) => {
      const { BackupRetentionPeriod } = await live.cluster();
      return differences({ "backup retention in days": [BackupRetentionPeriod, live.config.database.backupRetentionDays] });
    },
  },
  {
    requirement: "The backtrack window of the database is as configured",
    requirementIds: ["S003-G4", "S003-2.4", "S003-C6"],
    appliesTo: ({ config }) => config.database.backtrackHours !== undefined,
    violations: async (live) => {
      const { BacktrackWindow } = await live.cluster();
      return differences({ "backtrack window in seconds": [BacktrackWindow, (live.config.database.backtrackHours ?? 0) * 3600] });
    },
  },
  {
    requirement: "Deletion protection of the database is as configured",
    requirementIds: ["S000-C10", "S000-C11", "S000-P2.2", "S002-C7", "S003-T11", "S003-P2", "S004-T9", "S004-P2"],
    violations: async (live) => differences({ "deletion protection": [(await live.cluster()).DeletionProtection, live.config.protect] }),
  },
  {
    requirement: "Performance Insights, Enhanced Monitoring and log exports of the database are as configured",
    requirementIds: ["S000-C12", "S000-T6", "S002-C8", "S003-7.3", "S004-C8"],
    appliesTo: (live) => live.hasDatabaseInstances,
    violations: async (live) => {
      const { performanceInsightsRetentionDays, monitoringIntervalSeconds } = live.config.database;
      const { logs } = traits(engineOf(live.config), live.config.database);
      const { EnabledCloudwatchLogsExports = [] } = await live.cluster();
      return [
        ...compareSets(EnabledCloudwatchLogsExports, logs, { missing: "log is not exported", extra: "log is exported and not configured" }),
        ...(await checkInstances(live, (instance) =>
          differences({
            "Performance Insights": [instance.PerformanceInsightsEnabled, true],
            "retention of Performance Insights in days": [instance.PerformanceInsightsRetentionPeriod, performanceInsightsRetentionDays],
            "interval of Enhanced Monitoring": [instance.MonitoringInterval, monitoringIntervalSeconds],
          }),
        )),
      ];
    },
  },
];

function checkInstances(live: LiveRegion, violations: (instance: DBInstance) => readonly string[]): Promise<string[]> {
  return live
    .instances()
    .then((instances) =>
      checkEach(instances, (instance) => checkResource(instance.DBInstanceIdentifier ?? "", () => Promise.resolve(violations(instance)))),
    );
}

/** Missing instances by name. Instances of a cluster that a rewind created have other names, and are counted. */
async function missingInstances(live: LiveRegion): Promise<string[]> {
  const { DBClusterIdentifier } = await live.cluster();
  const instances = await live.instances();
  if (DBClusterIdentifier === live.ownNames.of("rds_cluster")) {
    const there = new Set(instances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier));
    const desired = live.resources("aws_rds_cluster_instance").map((resource) => live.text(resource, "identifier"));
    return desired.filter((name) => !there.has(name)).map((name) => `${name} does not exist`);
  }
  const desired = live.capacity.databaseInstances;
  return instances.length < desired ? [`${DBClusterIdentifier} has ${instances.length} instances, not ${desired}`] : [];
}

/** Zones without an instance although there are enough for all zones. Missing instances are reported by name already. */
function emptyZones(live: LiveRegion, available: readonly DBInstance[]): string[] {
  if (available.length < live.zones.length) return [];
  return live.zones
    .filter((zone) => !available.some(({ AvailabilityZone }) => AvailabilityZone === zone))
    .map((zone) => `no instance is in ${zone}`);
}
