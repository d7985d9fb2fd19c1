import { ALARM_TABLE } from "./alarm-table";

/** A metric that a dashboard shows. */
export interface Shown {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly region: string;
}

interface Row {
  readonly namespace: string;
  readonly metric: string;
  /** Sets of dimensions under which AWS publishes the metric. */
  readonly dimensions: readonly (readonly string[])[];
  readonly statistics: readonly string[];
  /** The only region that gets the metric. */
  readonly region?: string;
  readonly source: string;
}

const AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html";
const BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html";
const DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html";
const ECS_INSIGHTS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html";
const EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html";
/** The fence of a region publishes its metrics itself. */
const FENCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html";
const LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html";
const NAT = "https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html";
const REDIS = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html";

/** The metrics that only dashboards show, or that they show in another way than alarms evaluate them. */
export const DASHBOARD_TABLE: readonly Row[] = [
  ...["ServiceResolvesHere", "DatabaseIsWriter", "WritesAllowed"].map((metric) => ({
    namespace: "Standfast",
    metric,
    dimensions: [["EnvironmentSuffix"]],
    statistics: ["Minimum"],
    source: FENCE,
  })),
  // Metric filters of the services publish them, without dimensions.
  ...["payments-declined", "payments-timeouts"].map((metric) => ({
    namespace: "Standfast/test-1",
    metric,
    dimensions: [[]],
    statistics: ["Sum"] as const,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html",
  })),
  ...["CommitThroughput", "CommitLatency"].map((metric) => ({
    namespace: "AWS/RDS",
    metric,
    dimensions: [["DBClusterIdentifier", "Role"]],
    statistics: ["Average"],
    source: AURORA,
  })),
  {
    namespace: "AWS/RDS",
    metric: "DatabaseConnections",
    dimensions: [["DBClusterIdentifier", "Role"]],
    statistics: ["Sum"],
    source: AURORA,
  },
  {
    namespace: "AWS/RDS",
    metric: "BacktrackWindowActual",
    dimensions: [["DBClusterIdentifier"]],
    statistics: ["Minimum"],
    source: AURORA,
  },
  {
    namespace: "ECS/ContainerInsights",
    metric: "RunningTaskCount",
    dimensions: [["ClusterName", "ServiceName"]],
    statistics: ["Maximum"],
    source: ECS_INSIGHTS,
  },
  {
    namespace: "ECS/ContainerInsights",
    metric: "DeploymentCount",
    dimensions: [["ClusterName", "ServiceName"]],
    statistics: ["Maximum"],
    source: ECS_INSIGHTS,
  },
  ...["IsMaster", "CurrConnections"].map((metric) => ({
    namespace: "AWS/ElastiCache",
    metric,
    dimensions: [["CacheClusterId"]],
    statistics: ["Maximum"],
    source: REDIS,
  })),
  ...["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map((metric) => ({
    namespace: "AWS/DynamoDB",
    metric,
    dimensions: [["TableName"]],
    statistics: ["Sum"],
    source: DYNAMODB,
  })),
  {
    namespace: "AWS/NATGateway",
    metric: "ActiveConnectionCount",
    dimensions: [["NatGatewayId"]],
    statistics: ["Maximum"],
    source: NAT,
  },
  {
    namespace: "AWS/Lambda",
    metric: "Invocations",
    dimensions: [["FunctionName"]],
    statistics: ["Sum"],
    source: LAMBDA,
  },
  {
    namespace: "AWS/Events",
    metric: "MatchedEvents",
    dimensions: [["EventBusName"]],
    statistics: ["Sum"],
    source: EVENTS,
  },
  {
    namespace: "AWS/Backup",
    metric: "NumberOfCopyJobsFailed",
    dimensions: [["BackupVaultName"]],
    statistics: ["Sum"],
    source: BACKUP,
  },
];

/** The row of a metric, with its dimensions and statistic, in one of the tables. */
export function shownRow({ namespace, metric, dimensions, statistic }: Shown) {
  const names = Object.keys(dimensions).sort().join();
  return [...DASHBOARD_TABLE, ...ALARM_TABLE].find(
    (row) =>
      row.namespace === namespace &&
      row.metric === metric &&
      row.dimensions.some((set) => set.join() === names) &&
      row.statistics.some((right) => right === statistic),
  );
}
