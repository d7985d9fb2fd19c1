import { queriesOf } from "../support/alarms";
import type { Resource } from "../support/synthesized";

type Statistic = "Average" | "Maximum" | "Minimum" | "Sum" | "p50" | "p99";
/** What an alarm takes silence of its metric for. */
type Silence = "breaching" | "notBreaching" | "ignore" | "missing";

interface EveryRow {
  readonly namespace: string;
  readonly metric: string;
  /** Sets of dimensions under which AWS publishes the metric. Under any other set there is no data, ever. */
  readonly dimensions: readonly (readonly string[])[];
  /** Statistics that are meaningful for the metric. */
  readonly statistics: readonly Statistic[];
  /** Seconds of one data point. @default 60, AWS's own */
  readonly period?: number | "the canary's schedule";
  /** The correct treatments of missing data, with reasons. If there are several, the role of the resource decides. */
  readonly silence: Readonly<Partial<Record<Silence, string>>>;
  /** The only region that gets the metric, independent of the region of the platform. */
  readonly region?: string;
  /** The page of AWS that describes the metric. */
  readonly source: string;
}

/** Times say between which values a threshold is sensible: what was meant in the other unit lies outside. */
type Row = EveryRow &
  (
    | { readonly unit: "Count" | "Percent" | "None" }
    | { readonly unit: "Bytes" | "Days" | "Milliseconds" | "Seconds"; readonly sensible: readonly [least: number, most: number] }
  );

/** What values a metric of the unit can have at all. */
const VALUES = { Count: [0, Infinity], Percent: [0, 100], None: [0, 1] } as const;

/** An anomaly is looked for in values of five minutes: those of one minute are too few to learn from. */
const ANOMALY_PERIOD = 300;

const ALB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html";
/** The fence of a region and the check of its keys publish their metrics themselves. */
const OWN_METRICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html";
const AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html";
const BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html";
const CERTIFICATE = "https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html";
const CANARY = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_metrics.html";
const DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html";
const ECS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html";
const ECS_INSIGHTS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html";
const EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html";
const LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html";
const LOGS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html";
const NAT = "https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html";
const REDIS = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html";
const ROUTE53 = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html";
const S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html";
const WAF = "https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html";
const SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html";

const MEBIBYTE = 2 ** 20;
const UPTIME_REPORTS = { notBreaching: "the alarms on the uptime report an instance without data" };
const NOTHING_TO_COUNT = { notBreaching: "reported only when there is something to count" };

/** Every metric that the platform alarms on, as AWS publishes it. */
export const ALARM_TABLE: readonly Row[] = [
  {
    namespace: "AWS/ApplicationELB",
    metric: "HealthyHostCount",
    unit: "Count",
    dimensions: [
      ["LoadBalancer", "TargetGroup"],
      ["AvailabilityZone", "LoadBalancer", "TargetGroup"],
    ],
    statistics: ["Minimum"],
    silence: { breaching: "reported while targets are registered: silence is that none is" },
    source: ALB,
  },
  {
    namespace: "AWS/ApplicationELB",
    metric: "UnHealthyHostCount",
    unit: "Count",
    dimensions: [["LoadBalancer", "TargetGroup"]],
    statistics: ["Minimum", "Maximum"],
    silence: { notBreaching: "without targets none is unhealthy; the alarm on healthy targets reports that there are none" },
    source: ALB,
  },
  {
    namespace: "AWS/ApplicationELB",
    metric: "AnomalousHostCount",
    unit: "Count",
    dimensions: [
      ["LoadBalancer", "TargetGroup"],
      ["AvailabilityZone", "LoadBalancer", "TargetGroup"],
    ],
    statistics: ["Minimum"],
    silence: { notBreaching: "without requests no target has more errors than another" },
    source: ALB,
  },
  {
    namespace: "AWS/ApplicationELB",
    metric: "HTTPCode_Target_5XX_Count",
    unit: "Count",
    dimensions: [["LoadBalancer", "TargetGroup"], ["LoadBalancer"], ["AvailabilityZone", "LoadBalancer"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: ALB,
  },
  {
    namespace: "AWS/ApplicationELB",
    metric: "HTTPCode_ELB_5XX_Count",
    unit: "Count",
    dimensions: [["LoadBalancer"], ["AvailabilityZone", "LoadBalancer"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: ALB,
  },
  {
    namespace: "AWS/ApplicationELB",
    metric: "TargetResponseTime",
    unit: "Seconds",
    // Not above the load balancer's idle timeout: it has responded by then.
    sensible: [0.05, 60],
    dimensions: [["LoadBalancer", "TargetGroup"], ["LoadBalancer"], ["AvailabilityZone", "LoadBalancer"]],
    statistics: ["p50", "p99"],
    silence: { notBreaching: "without requests there is no latency" },
    source: ALB,
  },
  {
    namespace: "AWS/ApplicationELB",
    metric: "RequestCount",
    unit: "Count",
    dimensions: [["LoadBalancer"], ["LoadBalancer", "TargetGroup"], ["AvailabilityZone", "LoadBalancer"]],
    statistics: ["Sum"],
    silence: {
      breaching: "no zero is reported: silence is the loss of all requests",
      notBreaching: "without requests there is no share of errors, and no median",
    },
    source: ALB,
  },
  {
    namespace: "AWS/CertificateManager",
    metric: "DaysToExpiry",
    unit: "Days",
    sensible: [7, 45],
    dimensions: [["CertificateArn"]],
    statistics: ["Minimum"],
    period: 86_400,
    silence: { ignore: "reported twice a day, and no longer once the certificate has expired: the alarm must stay in ALARM" },
    source: CERTIFICATE,
  },
  {
    namespace: "Standfast",
    metric: "ClientsWithoutWriter",
    unit: "None",
    dimensions: [["EnvironmentSuffix"]],
    statistics: ["Minimum"],
    silence: { breaching: "the fence reports it every minute" },
    source: OWN_METRICS,
  },
  {
    namespace: "Standfast",
    metric: "WriterSilent",
    unit: "None",
    dimensions: [["EnvironmentSuffix"]],
    statistics: ["Minimum"],
    silence: { notBreaching: "the alarm on ClientsWithoutWriter reports a silent fence" },
    source: OWN_METRICS,
  },
  {
    namespace: "Standfast",
    metric: "ReplicationSilent",
    unit: "None",
    dimensions: [["EnvironmentSuffix"]],
    statistics: ["Minimum"],
    silence: { notBreaching: "the alarm on ClientsWithoutWriter reports a silent fence" },
    source: OWN_METRICS,
  },
  {
    namespace: "Standfast",
    metric: "UnusableKeys",
    unit: "Count",
    dimensions: [["EnvironmentSuffix"]],
    statistics: ["Maximum"],
    // Three runs of the check: one may be late or missing.
    period: 900,
    silence: { breaching: "the check of the keys reports it every five minutes, also when it is zero" },
    source: OWN_METRICS,
  },
  {
    namespace: "AWS/RDS",
    metric: "AuroraReplicaLagMaximum",
    unit: "Milliseconds",
    sensible: [20, 60_000],
    dimensions: [["DBClusterIdentifier"]],
    statistics: ["Maximum"],
    silence: {
      breaching: "the writer reports it while there are readers, and there is always one",
      notBreaching: "AWS does not document whether a secondary of a global database reports it",
    },
    source: AURORA,
  },
  {
    namespace: "AWS/RDS",
    metric: "AuroraGlobalDBReplicationLag",
    unit: "Milliseconds",
    // Less than the smallest rds.global_db_rpo, 20 s, would be a number of seconds.
    sensible: [20_000, 86_400_000],
    // The pair with SourceRegion is not published.
    dimensions: [["DBClusterIdentifier"]],
    statistics: ["Maximum"],
    silence: { notBreaching: "a primary reports nothing; the fence reports a secondary without a lag" },
    source: AURORA,
  },
  {
    namespace: "AWS/RDS",
    metric: "EngineUptime",
    unit: "Seconds",
    sensible: [0, 600],
    dimensions: [["DBInstanceIdentifier"], ["DBClusterIdentifier", "Role"]],
    statistics: ["Minimum"],
    silence: {
      breaching: "a heartbeat of the instance",
      notBreaching: "a secondary has no writer until it takes over",
    },
    source: AURORA,
  },
  {
    namespace: "AWS/RDS",
    metric: "CPUUtilization",
    unit: "Percent",
    dimensions: [["DBClusterIdentifier", "Role"]],
    statistics: ["Average"],
    silence: { notBreaching: "the alarm on the uptime reports a writer without data" },
    source: AURORA,
  },
  {
    namespace: "AWS/RDS",
    metric: "FreeableMemory",
    unit: "Bytes",
    // The smallest class has 2 GiB.
    sensible: [128 * MEBIBYTE, 1024 * MEBIBYTE],
    dimensions: [["DBClusterIdentifier"]],
    statistics: ["Minimum"],
    silence: UPTIME_REPORTS,
    source: AURORA,
  },
  {
    namespace: "AWS/RDS",
    metric: "FreeLocalStorage",
    unit: "Bytes",
    sensible: [1024 * MEBIBYTE, 10_240 * MEBIBYTE],
    dimensions: [["DBClusterIdentifier"]],
    statistics: ["Minimum"],
    silence: UPTIME_REPORTS,
    source: AURORA,
  },
  ...["MaximumUsedTransactionIDs", "Deadlocks"].map((metric): Row => ({
    namespace: "AWS/RDS",
    metric,
    unit: "Count",
    dimensions: [["DBClusterIdentifier"]],
    statistics: ["Maximum"],
    silence: UPTIME_REPORTS,
    source: AURORA,
  })),
  {
    namespace: "AWS/RDS",
    metric: "CPUCreditBalance",
    unit: "Count",
    dimensions: [["DBClusterIdentifier"]],
    statistics: ["Minimum"],
    // RDS reports credits every five minutes.
    period: 300,
    silence: UPTIME_REPORTS,
    source: AURORA,
  },
  {
    namespace: "AWS/RDS",
    metric: "BacktrackWindowAlert",
    unit: "Count",
    dimensions: [["DBClusterIdentifier"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: AURORA,
  },
  ...["EngineCPUUtilization", "DatabaseMemoryUsagePercentage"].map((metric): Row => ({
    namespace: "AWS/ElastiCache",
    metric,
    unit: "Percent",
    dimensions: [["CacheClusterId"]],
    statistics: ["Maximum"],
    silence: { breaching: "every node reports it every minute" },
    source: REDIS,
  })),
  {
    namespace: "AWS/ElastiCache",
    metric: "ReplicationLag",
    unit: "Seconds",
    sensible: [1, 300],
    dimensions: [["CacheClusterId"]],
    statistics: ["Maximum"],
    silence: { notBreaching: "a primary has none, and any node may become one" },
    source: REDIS,
  },
  {
    namespace: "AWS/ElastiCache",
    metric: "Evictions",
    unit: "Count",
    dimensions: [["CacheClusterId"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: REDIS,
  },
  ...["ReadThrottleEvents", "WriteThrottleEvents"].map((metric): Row => ({
    namespace: "AWS/DynamoDB",
    metric,
    unit: "Count",
    dimensions: [["TableName"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: DYNAMODB,
  })),
  {
    namespace: "AWS/DynamoDB",
    metric: "SystemErrors",
    unit: "Count",
    dimensions: [["Operation", "TableName"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: DYNAMODB,
  },
  {
    namespace: "AWS/DynamoDB",
    metric: "ReplicationLatency",
    unit: "Milliseconds",
    sensible: [5_000, 600_000],
    dimensions: [["ReceivingRegion", "TableName"]],
    statistics: ["Maximum"],
    silence: { notBreaching: "without writes there is no latency" },
    source: DYNAMODB,
  },
  {
    namespace: "AWS/S3",
    metric: "OperationsFailedReplication",
    unit: "Count",
    dimensions: [["DestinationBucket", "RuleId", "SourceBucket"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: S3,
  },
  {
    namespace: "AWS/S3",
    metric: "ReplicationLatency",
    unit: "Seconds",
    sensible: [60, 3600],
    dimensions: [["DestinationBucket", "RuleId", "SourceBucket"]],
    statistics: ["Maximum"],
    silence: { notBreaching: "without objects there is no latency" },
    source: S3,
  },
  {
    namespace: "ECS/ContainerInsights",
    metric: "RunningTaskCount",
    unit: "Count",
    dimensions: [["ClusterName", "ServiceName"]],
    statistics: ["Minimum"],
    silence: { breaching: "a heartbeat of the service" },
    source: ECS_INSIGHTS,
  },
  {
    namespace: "ECS/ContainerInsights",
    metric: "UnHealthyContainerHealthStatus",
    unit: "Count",
    // With enhanced observability only, and where the task definition has a health check.
    dimensions: [["ClusterName", "ContainerName", "ServiceName"]],
    statistics: ["Maximum"],
    silence: { notBreaching: "the alarm on the number of tasks reports a service without tasks" },
    source: ECS_INSIGHTS,
  },
  ...["CPUUtilization", "MemoryUtilization"].map((metric): Row => ({
    namespace: "AWS/ECS",
    metric,
    unit: "Percent",
    dimensions: [["ClusterName", "ServiceName"]],
    statistics: ["Average"],
    silence: { breaching: "reported while tasks run, and the alarm exists only where tasks are expected" },
    source: ECS,
  })),
  ...["BlockedRequests", "CountedRequests"].map((metric): Row => ({
    namespace: "AWS/WAFV2",
    metric,
    unit: "Count",
    // Of a web ACL of a region.
    dimensions: [["Region", "Rule", "WebACL"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: WAF,
  })),
  ...["ErrorPortAllocation", "PacketsDropCount", "PacketsInFromSource", "PacketsInFromDestination"].map((metric): Row => ({
    namespace: "AWS/NATGateway",
    metric,
    unit: "Count",
    dimensions: [["NatGatewayId"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: NAT,
  })),
  ...["ConnectionAttemptCount", "ConnectionEstablishedCount"].map((metric): Row => ({
    namespace: "AWS/NATGateway",
    metric,
    unit: "Count",
    dimensions: [["NatGatewayId"]],
    statistics: ["Sum"],
    silence: { breaching: "the number of active connections reports the silence of the gateway" },
    source: NAT,
  })),
  {
    namespace: "AWS/NATGateway",
    metric: "ActiveConnectionCount",
    unit: "Count",
    dimensions: [["NatGatewayId"]],
    statistics: ["Maximum"],
    silence: { breaching: "reported as zero without connections: silence is a gateway that does not work" },
    source: NAT,
  },

  {
    namespace: "AWS/Backup",
    metric: "NumberOfBackupJobsFailed",
    unit: "Count",
    dimensions: [["BackupVaultName"]],
    statistics: ["Sum"],
    // AWS Backup reports every five minutes.
    period: 300,
    silence: NOTHING_TO_COUNT,
    source: BACKUP,
  },
  {
    namespace: "AWS/Backup",
    metric: "NumberOfBackupJobsCompleted",
    unit: "Count",
    dimensions: [["BackupVaultName"]],
    statistics: ["Sum"],
    // What happens every few hours is counted by the hour.
    period: 3600,
    silence: { notBreaching: "no zero is reported: the alarm fills the silence, since the environment exists" },
    source: BACKUP,
  },
  {
    namespace: "AWS/Backup",
    metric: "NumberOfRecoveryPointsCompleted",
    unit: "Count",
    dimensions: [["BackupVaultName"]],
    statistics: ["Sum"],
    period: 3600,
    silence: { notBreaching: "no zero is reported: the alarm fills the silence, since the environment exists" },
    source: BACKUP,
  },
  {
    namespace: "AWS/Logs",
    metric: "IncomingLogEvents",
    unit: "Count",
    dimensions: [["LogGroupName"]],
    statistics: ["Sum"],
    silence: { notBreaching: "the environment does not exist yet" },
    source: LOGS,
  },
  ...["Errors", "Throttles", "DeadLetterErrors"].map((metric): Row => ({
    namespace: "AWS/Lambda",
    metric,
    unit: "Count",
    dimensions: [["FunctionName"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: LAMBDA,
  })),
  {
    namespace: "AWS/Lambda",
    metric: "Duration",
    unit: "Milliseconds",
    // A run may take 1 s to 15 min.
    sensible: [500, 900_000],
    dimensions: [["FunctionName"]],
    statistics: ["Maximum"],
    silence: { notBreaching: "a function without invocations has no duration" },
    source: LAMBDA,
  },
  {
    namespace: "AWS/Events",
    metric: "FailedInvocations",
    unit: "Count",
    // The rule's name alone would mean a rule of the default bus.
    dimensions: [["EventBusName", "RuleName"]],
    statistics: ["Sum"],
    silence: NOTHING_TO_COUNT,
    source: EVENTS,
  },
  {
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    unit: "Count",
    dimensions: [["QueueName"]],
    statistics: ["Maximum"],
    silence: { notBreaching: "a queue that was not used for six hours reports nothing" },
    source: SQS,
  },
  {
    namespace: "AWS/Route53",
    metric: "HealthCheckStatus",
    unit: "None",
    dimensions: [["HealthCheckId"]],
    statistics: ["Minimum"],
    silence: { breaching: "a heartbeat of the health check" },
    region: "us-east-1",
    source: ROUTE53,
  },
  {
    namespace: "CloudWatchSynthetics",
    metric: "SuccessPercent",
    unit: "Percent",
    dimensions: [["CanaryName"]],
    statistics: ["Average"],
    period: "the canary's schedule",
    silence: { breaching: "a run that is ended for its time reports nothing" },
    source: CANARY,
  },
];

/** A metric of an alarm: its only one, the one for which a band is expected, or one of those from which it computes a value. */
export interface Watched {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly period: number;
  readonly as: "itself" | "anomaly" | "part";
}

/** The metrics of an alarm. @throws when it watches none */
export function watchedBy(alarm: Resource): readonly Watched[] {
  const as = alarm["threshold_metric_id"] === undefined ? "part" : "anomaly";
  const queried = queriesOf(alarm).flatMap(({ metric }) => metric ?? []);
  if (queried.length > 0)
    return queried.map(({ namespace, metric_name: metric, dimensions, stat: statistic, period }) => ({
      namespace,
      metric,
      dimensions,
      statistic,
      period,
      as,
    }));
  if (typeof alarm["metric_name"] !== "string") throw new Error(`${alarm.address} watches no metric`);
  return [
    {
      namespace: String(alarm["namespace"]),
      metric: alarm["metric_name"],
      dimensions: (alarm["dimensions"] ?? {}) as Record<string, string>,
      statistic: String(alarm["statistic"] ?? alarm["extended_statistic"]),
      period: Number(alarm["period"]),
      as: "itself",
    },
  ];
}

/** The metric of an alarm that watches one. @throws when it watches none, or several */
export function watched(alarm: Resource): Watched {
  const [first, ...others] = watchedBy(alarm);
  if (!first || others.length > 0) throw new Error(`${alarm.address} watches several metrics`);
  return first;
}

/** The row that a metric falls under. */
export function rowOf({ namespace, metric }: Watched): Row | undefined {
  return ALARM_TABLE.find((row) => row.namespace === namespace && row.metric === metric);
}

/** All deviations of an alarm from the table, as sentences. */
export function faults(alarm: Resource, region: string): string[] {
  const all = watchedBy(alarm);
  return [
    ...all.flatMap((metric) => metricFaults(metric, alarm, region)),
    ...(all.some(({ as }) => as === "part") ? mathFaults(alarm) : []),
  ];
}

function metricFaults(each: Watched, alarm: Resource, region: string): string[] {
  const { namespace, metric, dimensions, statistic, period, as } = each;
  const row = rowOf(each);
  if (!row) return [`${namespace} ${metric} is not in the table`];
  const names = Object.keys(dimensions).sort().join(" and ");
  const rightPeriod = as === "anomaly" ? ANOMALY_PERIOD : (row.period ?? 60);
  // A share can be that of a minute or of hours. The fault of a count would be another one.
  const isRight = as === "part" ? period % 60 === 0 : typeof rightPeriod !== "number" || rightPeriod === period;
  return [
    ...(row.dimensions.some((set) => set.join(" and ") === names) ? [] : [`AWS publishes no ${metric} by ${names}`]),
    ...(row.statistics.some((right) => right === statistic) ? [] : [`${statistic} of ${metric} says nothing`]),
    ...(isRight ? [] : [`${metric} has a period of ${rightPeriod} s, not ${period}`]),
    ...(Object.hasOwn(row.silence, String(alarm["treat_missing_data"]))
      ? []
      : [`missing data of ${metric} are not what the alarm takes them for`]),
    ...(alarm["unit"] === undefined || alarm["unit"] === row.unit ? [] : [`${metric} is in ${row.unit}`]),
    ...(row.region === undefined || row.region === region ? [] : [`${metric} is reported in ${row.region} only`]),
    ...(as === "anomaly" ? bandFaults(alarm) : []),
    ...(as === "itself" ? thresholdFaults(alarm, row) : []),
  ];
}

/** An alarm on a percentage or a time that it computes: one expression, which uses every metric and only these, each over the same time. */
function mathFaults(alarm: Resource): string[] {
  const queries = queriesOf(alarm);
  const [computed, ...others] = queries.filter(({ expression }) => expression !== undefined);
  const parts = queries.filter(({ metric }) => metric);
  const words = new Set(computed?.expression?.match(/\b[a-z][A-Za-z0-9_]*\b/g));
  const ids = parts.map(({ id }) => id);
  const threshold = Number(alarm["threshold"]);
  return [
    ...(others.length === 0 && computed?.return_data ? [] : ["CloudWatch wants the value of one expression back"]),
    ...(parts.every(({ return_data: returned }) => returned === false) ? [] : ["CloudWatch wants no other value back"]),
    ...(ids.length === words.size && ids.every((id) => words.has(id)) ? [] : ["the expression and its metrics differ"]),
    ...(new Set(parts.map(({ metric }) => metric?.period)).size === 1 ? [] : ["its metrics have different periods"]),
    ...(threshold > 0 && threshold < 100 ? [] : [`${threshold} is no sensible number of percent or seconds`]),
    ...("period" in alarm || "statistic" in alarm ? ["an expression has no period or statistic of its own"] : []),
  ];
}

function thresholdFaults(alarm: Resource, row: Row): string[] {
  const threshold = Number(alarm["threshold"]);
  const [least, most] = "sensible" in row ? row.sensible : VALUES[row.unit];
  // At the end of its range, a threshold is never crossed.
  const canRing = alarm["comparison_operator"] === "GreaterThanThreshold" ? threshold < most : threshold > least;
  return [
    ...(threshold >= least && threshold <= most && canRing ? [] : [`${threshold} is no sensible number of ${row.unit} for ${row.metric}`]),
    ...(row.unit !== "Count" || Number.isInteger(threshold) ? [] : [`${row.metric} counts whole things`]),
    ...(["GreaterThanThreshold", "LessThanThreshold"].includes(String(alarm["comparison_operator"]))
      ? []
      : ["it compares with no threshold"]),
  ];
}

function bandFaults(alarm: Resource): string[] {
  const queries = queriesOf(alarm);
  const observed = queries.find(({ metric }) => metric);
  const band = queries.find(({ id }) => id === alarm["threshold_metric_id"]);
  return [
    ...(band?.expression?.startsWith(`ANOMALY_DETECTION_BAND(${String(observed?.id)}, `)
      ? []
      : ["it compares with no band around its metric"]),
    ...(queries.every(({ return_data: returned }) => returned) ? [] : ["CloudWatch wants both the metric and the band back"]),
    ...("threshold" in alarm || "period" in alarm || "statistic" in alarm
      ? ["an anomaly has no threshold, period or statistic of its own"]
      : []),
  ];
}
