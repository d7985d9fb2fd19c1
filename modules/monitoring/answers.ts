import { FACTS_NAMESPACE, type RegionFact } from "../../config/region-facts";
import { loadBalancerSearch } from "./load-balancer-search";
import type { DisplayedMetric, Expression, Widget } from "./metric";
import type { OverviewRegion } from "./overview-region";

export interface AnswersProps {
  /** The regions, with their load balancers and databases. */
  readonly regions: readonly OverviewRegion[];
  /** Suffix of the environment, as a dimension of its metrics. */
  readonly environmentSuffix: string;
  /** The objective: percentage of requests in 30 days without a server error. */
  readonly availabilityPercent: number;
  /** Maximum lag of a standby. */
  readonly maxLagMilliseconds: number;
}

/** Days of the graph of the error budget: a search does not find the errors of a load balancer that had no newer ones in 14 days. */
const BUDGET_DAYS = 14;
const BUDGET_PERIOD_SECONDS = 3600;

/**
 * The picture at the top of the overview: whether clients get answers, and from which region; which region writes; how far the
 * other regions are behind; and what is left of the error budget.
 */
export function answers({ regions, environmentSuffix, availabilityPercent, maxLagMilliseconds }: AnswersProps): Widget[][] {
  const fact = (name: RegionFact, label: string): DisplayedMetric[] =>
    regions.map((region) => regionFact(region, environmentSuffix, name, label));
  const checks = regions.flatMap(healthCheck);
  return [
    [
      ...(checks.length > 0 ? [{ title: "Regions: health checks that DNS uses", metrics: checks }] : []),
      ...(regions.length > 1
        ? [
            {
              title: "Clients: region to which the name of the service resolves",
              metrics: fact("ServiceResolvesHere", "clients resolve to"),
            },
            {
              title: "Writer: region of the writer, and regions that allow writes",
              metrics: [...fact("DatabaseIsWriter", "writer in"), ...fact("WritesAllowed", "writes allowed in")],
            },
          ]
        : []),
      { title: "Writes: commits per second", metrics: regions.map(commits) },
      ...(regions.length > 1 ? [lag(regions, maxLagMilliseconds)] : []),
    ],
    regions.map(requests),
    [
      ...regions.map((region) => availability(region, availabilityPercent)),
      ...regions.map((region) => budget(region, availabilityPercent)),
    ],
  ];
}

/** @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html */
function healthCheck({ name, healthCheckId }: OverviewRegion): DisplayedMetric[] {
  if (healthCheckId === undefined) return [];
  const dimensions = { HealthCheckId: healthCheckId };
  return [{ namespace: "AWS/Route53", name: "HealthCheckStatus", dimensions, statistic: "Minimum", label: name }];
}

/** A fact that the fence of a region reports. */
function regionFact({ name: region }: OverviewRegion, suffix: string, name: RegionFact, label: string): DisplayedMetric {
  const dimensions = { EnvironmentSuffix: suffix };
  return { namespace: FACTS_NAMESPACE, name, dimensions, statistic: "Minimum", label: `${label} ${region}`, region };
}

/** Only the cluster with the writer has a writer that commits. */
function commits({ name: region, names }: OverviewRegion): DisplayedMetric {
  const dimensions = { DBClusterIdentifier: names.of("rds_cluster"), Role: "WRITER" };
  return { namespace: "AWS/RDS", name: "CommitThroughput", dimensions, statistic: "Average", label: region, region };
}

/** Aurora reports the lag in the region of each secondary, and DynamoDB in the region from which it replicates. */
function lag(regions: readonly OverviewRegion[], maxLagMilliseconds: number): Widget {
  return {
    title: "Replication lag of the other regions, in milliseconds",
    metrics: [
      ...regions.map(({ name: region, names }) => ({
        namespace: "AWS/RDS",
        name: "AuroraGlobalDBReplicationLag",
        dimensions: { DBClusterIdentifier: names.of("rds_cluster") },
        statistic: "Maximum",
        label: `database in ${region} while it is a standby`,
        region,
      })),
      ...regions.flatMap((from) => regions.filter((to) => to !== from).flatMap((to) => tableLag(from, to))),
    ],
    threshold: { value: maxLagMilliseconds, label: "limit of the database" },
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
function tableLag({ name: region, replicatedTable }: OverviewRegion, to: OverviewRegion): DisplayedMetric[] {
  if (replicatedTable === undefined) return [];
  return [
    {
      namespace: "AWS/DynamoDB",
      name: "ReplicationLatency",
      dimensions: { TableName: replicatedTable, ReceivingRegion: to.name },
      statistic: "Maximum",
      label: `sessions from ${region} in ${to.name}`,
      region,
    },
  ];
}

/** Names of the results of `requestCounts`. */
const ALL = "with_balancer_errors";
const FAILED = "with_errors - requests";

/**
 * Sums of the requests, and of the requests and errors. Each contains the requests, because the sum of a search without a result is
 * not documented: a load balancer without an error has no metric of errors. `RequestCount` does not count the requests for which the load balancer found no
 * target, so that all requests are the requests and the errors of the load balancer, as in the alarms on the error rate. Metric math
 * takes a missing value for 0, and drops a value that is divided by 0.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
function requestCounts({ names }: OverviewRegion): Expression[] {
  const sum = (id: string, ...metrics: string[]): Expression => ({
    id,
    expression: `SUM(${loadBalancerSearch(names, "LoadBalancer", metrics, "Sum")})`,
    label: id,
  });
  return [
    sum("requests", "RequestCount"),
    sum(ALL, "RequestCount", "HTTPCode_ELB_5XX_Count"),
    sum("with_errors", "RequestCount", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"),
  ];
}

function requests(region: OverviewRegion): Widget {
  return {
    title: `Answers of ${region.name}: requests, and requests with a server error`,
    region: region.name,
    metrics: [
      ...requestCounts(region).map((count) => (count.id === ALL ? { ...count, label: "requests", visible: true } : count)),
      { expression: FAILED, label: "with a server error" },
    ],
  };
}

/** The percentage of requests without a server error, and the objective. */
function availability(region: OverviewRegion, availabilityPercent: number): Widget {
  return {
    title: `Availability of ${region.name}: requests without a server error, in percent`,
    region: region.name,
    metrics: [...requestCounts(region), { expression: `100 * (1 - (${FAILED}) / ${ALL})`, label: "percent" }],
    threshold: { value: availabilityPercent, label: "objective" },
  };
}

/**
 * The errors from the start of the time range on, in percent of the errors that the objective allows for the requests in the same time.
 * The newest value is the used part of the error budget.
 * The objective is one of 30 days, which the alarms on the error budget evaluate.
 * @see https://sre.google/workbook/alerting-on-slos/
 */
function budget(region: OverviewRegion, availabilityPercent: number): Widget {
  const allowedPercent = Number((100 - availabilityPercent).toPrecision(6));
  return {
    title: `Error budget of ${region.name}: percent used within ${BUDGET_DAYS} days`,
    region: region.name,
    metrics: [
      ...requestCounts(region),
      { expression: `100 * (100 / ${allowedPercent}) * RUNNING_SUM(${FAILED}) / RUNNING_SUM(${ALL})`, label: "percent of the budget" },
    ],
    threshold: { value: 100, label: "all of it" },
    range: { days: BUDGET_DAYS, periodSeconds: BUDGET_PERIOD_SECONDS },
  };
}
