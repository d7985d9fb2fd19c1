import { certificateExpired, databaseFailedOver, type PlatformEvent } from "../support/aws-events";
import type { Sample } from "../support/alarm-math";

/** A stack whose alarms a failure changes. */
export type Place = "first region" | "standby" | "failover";

/** The value that a metric gets; undefined is silence. */
export interface Fact {
  readonly metric: string;
  /** Parts of the values of its dimensions: `{ AvailabilityZone: "us-east-1a" }`. Metrics with other dimensions keep their values. */
  readonly of?: Readonly<Record<string, string>>;
  /** Dimensions that the metric must not have: the value is that of all zones together. */
  readonly without?: readonly string[];
  readonly value: Sample;
  /** @default first region */
  readonly in?: Place;
}

export interface Failure {
  readonly name: string;
  readonly facts: readonly Fact[];
  /** Events of AWS in the first region. */
  readonly events?: readonly PlatformEvent[];
  /** What happens without an operator. */
  readonly byItself: string;
}

const A = "us-east-1a";
const ZONES = [A, "us-east-1b", "us-east-1c"];
/** Requests of a minute while nothing fails, a third of them in each zone. */
const REQUESTS = 6000;

/** Values of the metrics from which alarms compute a value, while nothing fails. All others fire on nothing but a fact. */
const NORMAL: Readonly<Record<string, number>> = {
  RequestCount: REQUESTS,
  TargetResponseTime: 0.1,
  ActiveConnectionCount: 200,
  ConnectionAttemptCount: 500,
  ConnectionEstablishedCount: 500,
  PacketsInFromSource: 100_000,
  PacketsInFromDestination: 100_000,
  HealthyHostCount: 6,
  IncomingLogEvents: 1000,
};

/** The value of a metric while nothing fails; undefined for those that are silent then, and those that only a fact changes. */
export function normal(metric: string, dimensions: Readonly<Record<string, string>>): Sample {
  const value = NORMAL[metric];
  return metric === "RequestCount" && "AvailabilityZone" in dimensions ? REQUESTS / ZONES.length : value;
}

/** Server errors of the tasks of one zone. */
const errorsIn = (zone: string, count: number): Fact => ({
  metric: "HTTPCode_Target_5XX_Count",
  of: { AvailabilityZone: zone },
  value: count,
});
const errors = (count: number): Fact => ({ metric: "HTTPCode_Target_5XX_Count", without: ["AvailabilityZone"], value: count });
const rejected = (count: number): Fact => ({ metric: "HTTPCode_ELB_5XX_Count", without: ["AvailabilityZone"], value: count });

export const FAILURES: readonly Failure[] = [
  { name: "none", facts: [], byItself: "nothing" },
  {
    name: "a zone is dark, with the writer in it",
    facts: [
      { metric: "HealthyHostCount", of: { AvailabilityZone: A }, value: undefined },
      { metric: "HealthyHostCount", without: ["AvailabilityZone"], value: 4 },
      { metric: "UnHealthyHostCount", value: 2 },
      { metric: "RunningTaskCount", value: 4 },
      rejected(400),
      { metric: "ActiveConnectionCount", of: { NatGatewayId: A }, value: undefined },
      { metric: "EngineUptime", of: { DBInstanceIdentifier: A }, value: undefined },
      { metric: "EngineUptime", of: { Role: "WRITER" }, value: 30 },
      { metric: "EngineCPUUtilization", of: { CacheClusterId: "0001-001" }, value: undefined },
      { metric: "DatabaseMemoryUsagePercentage", of: { CacheClusterId: "0001-001" }, value: undefined },
    ],
    events: [databaseFailedOver()],
    byItself:
      "the load balancer stops routing to its tasks, Aurora promotes a reader, ECS starts tasks in the other zones, the zonal shift takes its node out of DNS",
  },
  {
    name: "a zone is gray: a quarter of its requests fail",
    facts: [errorsIn(A, 500), errors(500)],
    byItself: "the zonal shift moves the traffic to the other zones after two minutes",
  },
  {
    name: "a NAT gateway is dead for its zone",
    facts: [{ metric: "ConnectionEstablishedCount", of: { NatGatewayId: A }, value: 0 }],
    byItself: "the zonal shift moves the traffic of clients to the other zones",
  },
  {
    name: "the writer fails over",
    facts: [{ metric: "EngineUptime", of: { Role: "WRITER" }, value: 30 }],
    events: [databaseFailedOver()],
    byItself: "Aurora promotes a reader; clients reconnect by the same name",
  },
  {
    name: "the database rejects writes while the program runs",
    facts: [{ metric: "SuccessPercent", of: { CanaryName: "write" }, value: 0 }],
    byItself: "nothing: an operator decides",
  },
  {
    name: "a shard of the cache is lost",
    facts: [
      { metric: "EngineCPUUtilization", of: { CacheClusterId: "0002-" }, value: undefined },
      { metric: "DatabaseMemoryUsagePercentage", of: { CacheClusterId: "0002-" }, value: undefined },
      errors(2000),
      ...ZONES.map((zone) => errorsIn(zone, 667)),
    ],
    byItself: "ElastiCache replaces its nodes",
  },
  {
    name: "a release answers every request with 500",
    facts: [errors(REQUESTS), ...ZONES.map((zone) => errorsIn(zone, REQUESTS / ZONES.length))],
    byItself: "ECS rolls back a deployment that it still observes; later, an operator takes the release back",
  },
  {
    name: "the certificate is not renewed",
    facts: [{ metric: "DaysToExpiry", value: 20 }],
    events: [{ ...certificateExpired(), "detail-type": "ACM Certificate Renewal Action Required" }],
    byItself: "nothing: an operator corrects the validation record",
  },
  { name: "a KMS key is disabled", facts: [{ metric: "UnusableKeys", value: 1 }], byItself: "nothing: an operator enables the key" },
  {
    name: "a dead-letter queue fills",
    facts: [{ metric: "ApproximateNumberOfMessagesVisible", of: { QueueName: "rule-dead-letters" }, value: 5 }],
    byItself: "SQS keeps the messages for 14 days",
  },
  {
    name: "the replication to the standby stalls",
    facts: [{ metric: "AuroraGlobalDBReplicationLag", value: 120_000, in: "standby" }],
    byItself: "Aurora continues to replicate when it can",
  },
  {
    name: "a canary does not report",
    facts: [{ metric: "SuccessPercent", of: { CanaryName: "public" }, value: undefined }],
    byItself: "CloudWatch starts the next run after a minute",
  },
  {
    name: "alerts are not forwarded to an endpoint",
    facts: [{ metric: "Errors", of: { FunctionName: "forward-alert" }, value: 3 }],
    byItself: "Lambda retries twice, then the queue keeps the alert; e-mail is not affected",
  },
  {
    name: "the first region is lost",
    facts: [
      { metric: "HealthCheckStatus", of: { HealthCheckId: "us-east-1" }, value: 0, in: "failover" },
      { metric: "SuccessPercent", of: { CanaryName: "us-east-1" }, value: 0, in: "standby" },
      { metric: "ReplicationSilent", value: 1, in: "standby" },
      { metric: "AuroraGlobalDBReplicationLag", value: undefined, in: "standby" },
    ],
    byItself: "DNS fails clients over; the standby serves reads until an operator starts the takeover",
  },
];
