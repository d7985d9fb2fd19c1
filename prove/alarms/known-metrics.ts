import type { Graph } from "../graph/graph";
import { blocks } from "../graph/values";
import { isOfAws, type Metric } from "./metric-alarm";
import { roleAllows, roleOf } from "./permissions";

interface Known {
  readonly metrics: readonly string[];
  /** Whether the list is complete. In an incomplete one, only a name that is almost one of it is misspelt. */
  readonly isComplete?: boolean;
  /** A dimension without which there is no data. */
  readonly dimension?: string;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Metrics of AWS, by namespace. */
const KNOWN: Readonly<Record<string, Known>> = {
  "AWS/ApplicationELB": {
    metrics:
      words(`ActiveConnectionCount AnomalousHostCount ClientTLSNegotiationErrorCount ConsumedLCUs DesyncMitigationMode_NonCompliant_Request_Count
      DroppedInvalidHeaderRequestCount HealthyHostCount HealthyStateDNS HealthyStateRouting HTTP_Fixed_Response_Count HTTP_Redirect_Count
      HTTP_Redirect_Url_Limit_Exceeded_Count HTTPCode_ELB_3XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count HTTPCode_ELB_500_Count
      HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count
      HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count IPv6ProcessedBytes IPv6RequestCount MitigatedHostCount NewConnectionCount
      NonStickyRequestCount ProcessedBytes RejectedConnectionCount RequestCount RequestCountPerTarget RuleEvaluations
      TargetConnectionErrorCount TargetResponseTime TargetTLSNegotiationErrorCount UnHealthyHostCount UnhealthyRoutingRequestCount
      UnhealthyStateDNS UnhealthyStateRouting LambdaInternalError LambdaTargetProcessedBytes LambdaUserError ELBAuthError ELBAuthFailure
      ELBAuthLatency ELBAuthSuccess`),
    dimension: "LoadBalancer",
  },
  "AWS/NATGateway": {
    metrics:
      words(`ActiveConnectionCount BytesInFromDestination BytesInFromSource BytesOutToDestination BytesOutToSource ConnectionAttemptCount
      ConnectionEstablishedCount ErrorPortAllocation IdleTimeoutCount PacketsDropCount PacketsInFromDestination PacketsInFromSource
      PacketsOutToDestination PacketsOutToSource PeakBytesPerSecond PeakPacketsPerSecond`),
    isComplete: true,
    dimension: "NatGatewayId",
  },
  "AWS/Lambda": {
    metrics: words(
      "Invocations Errors DeadLetterErrors DestinationDeliveryFailures Throttles Duration ConcurrentExecutions IteratorAge AsyncEventsDropped",
    ),
  },
  "AWS/ECS": {
    metrics: words("CPUUtilization MemoryUtilization CPUReservation MemoryReservation EBSFilesystemUtilization"),
    dimension: "ClusterName",
  },
  "ECS/ContainerInsights": {
    metrics: words(
      "RunningTaskCount PendingTaskCount DesiredTaskCount DeploymentCount TaskSetCount CpuUtilized MemoryUtilized UnHealthyContainerHealthStatus RestartCount",
    ),
    dimension: "ClusterName",
  },
  CloudWatchSynthetics: { metrics: words("SuccessPercent Duration Failed 2xx 4xx 5xx"), dimension: "CanaryName" },
  "AWS/Route53": {
    metrics: words(
      "HealthCheckStatus HealthCheckPercentageHealthy ChildHealthCheckHealthyCount ConnectionTime SSLHandshakeTime TimeToFirstByte",
    ),
    dimension: "HealthCheckId",
  },
  "AWS/SQS": {
    metrics: words(
      "ApproximateNumberOfMessagesVisible ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesDelayed ApproximateAgeOfOldestMessage NumberOfMessagesSent NumberOfMessagesReceived NumberOfMessagesDeleted NumberOfEmptyReceives SentMessageSize",
    ),
    dimension: "QueueName",
  },
  "AWS/RDS": {
    metrics:
      words(`EngineUptime CPUUtilization CPUCreditBalance FreeableMemory FreeLocalStorage Deadlocks DatabaseConnections AuroraReplicaLag
      AuroraReplicaLagMaximum AuroraReplicaLagMinimum AuroraGlobalDBReplicationLag AuroraGlobalDBRPOLag AuroraGlobalDBProgressLag
      MaximumUsedTransactionIDs BacktrackWindowAlert BacktrackWindowActual ReplicaLag FreeStorageSpace`),
  },
  "AWS/ElastiCache": {
    metrics: words("EngineCPUUtilization CPUUtilization DatabaseMemoryUsagePercentage Evictions ReplicationLag CurrConnections IsMaster"),
  },
  "AWS/DynamoDB": {
    metrics: words("ReadThrottleEvents WriteThrottleEvents ThrottledRequests SystemErrors UserErrors ReplicationLatency"),
    dimension: "TableName",
  },
  "AWS/Backup": {
    metrics: words(
      "NumberOfBackupJobsFailed NumberOfBackupJobsCompleted NumberOfBackupJobsCreated NumberOfBackupJobsAborted NumberOfBackupJobsExpired NumberOfRecoveryPointsCompleted NumberOfCopyJobsFailed NumberOfRestoreJobsFailed",
    ),
  },
  "AWS/Events": {
    metrics: words(
      "Invocations FailedInvocations MatchedEvents TriggeredRules ThrottledRules InvocationsSentToDlq InvocationsFailedToBeSentToDlq",
    ),
  },
  "AWS/CertificateManager": { metrics: words("DaysToExpiry"), isComplete: true },
  "AWS/S3": {
    metrics: words(
      "OperationsFailedReplication OperationsPendingReplication ReplicationLatency BytesPendingReplication 4xxErrors 5xxErrors",
    ),
  },
  "AWS/WAFV2": { metrics: words("AllowedRequests BlockedRequests CountedRequests PassedRequests") },
  "AWS/Logs": { metrics: words("IncomingLogEvents IncomingBytes ForwardedLogEvents DeliveryErrors") },
  "AWS/SNS": { metrics: words("NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed") },
  "AWS/States": {
    metrics: words(
      "ExecutionsFailed ExecutionsTimedOut ExecutionsAborted ExecutionsStarted ExecutionsSucceeded ExecutionThrottled ExecutionTime",
    ),
  },
};

const MISSPELT = 2;

/** Why a metric has no data: its names are not those of AWS, or nothing publishes it. */
export function nameFaults(graph: Graph, { namespace, name, dimensions }: Metric): readonly string[] {
  if (namespace === "" || name === "") return ["it has no metric"];
  const known = KNOWN[namespace];
  if (known) {
    const isOther = known.isComplete === true || known.metrics.some((metric) => distance(metric, name) <= MISSPELT);
    return [
      ...(!known.metrics.includes(name) && isOther ? [`${namespace} has no metric ${name}`] : []),
      ...(known.dimension !== undefined && !(known.dimension in dimensions) ? [`${name} has no data without ${known.dimension}`] : []),
    ];
  }
  if (isOfAws(namespace) || Object.keys(KNOWN).some((other) => distance(other, namespace) <= MISSPELT))
    return Object.keys(KNOWN).some((other) => distance(other, namespace) <= MISSPELT) ? [`${namespace} is not a namespace of AWS`] : [];
  return isPublished(graph, namespace, name) ? [] : [`nothing publishes ${name} in ${namespace}`];
}

/** Whether a filter of logs makes a custom metric, or a role may publish it. Without any role, its publisher has another owner. */
function isPublished(graph: Graph, namespace: string, name: string): boolean {
  const filters = graph.all("aws_cloudwatch_log_metric_filter").flatMap(({ values }) => blocks(values["metric_transformation"]));
  if (filters.some((filter) => graph.text(filter["namespace"]) === namespace))
    return filters.some((filter) => graph.text(filter["name"]) === name && graph.text(filter["namespace"]) === namespace);
  const roles = graph.all("aws_iam_role").flatMap(({ address }) => roleOf(graph, `\${${address}.arn}`) ?? []);
  const closed = roles.filter(({ isOpen }) => !isOpen);
  return (
    closed.length === 0 || closed.some((role) => roleAllows(role, "cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": namespace }))
  );
}

/** The number of letters to insert, remove or replace between two names. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MISSPELT) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 1; index <= one.length; index++) {
    const next = [index];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (row[column - 1] ?? 0) + Number(one[index - 1] !== other[column - 1]);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
