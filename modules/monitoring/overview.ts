import { Construct } from "constructs";
import type { Names, RegionScope } from "../../config/naming";
import { Dashboard } from "./dashboard";
import type { AlarmWidget, Expression, Metric, Widget } from "./metric";

export interface OverviewProps extends RegionScope {
  /** Every region of the platform, with its own names and zones, and the id of its health check. */
  readonly regions: readonly {
    readonly name: string;
    readonly names: Names;
    readonly zones: readonly string[];
    readonly healthCheckId: string | undefined;
    /** What its canaries ask for. */
    readonly canaries: readonly string[];
  }[];
  /** Percent of requests that shall be answered without an error. */
  readonly availabilityPercent: number;
  /** Milliseconds that a standby may be behind. */
  readonly maxLagMilliseconds: number;
}

type Region = OverviewProps["regions"][number];

/**
 * One dashboard over all regions: which of them serves, how far the others are behind, what each has in each zone, and
 * what is left of the budget of errors. Regions are known by the names of what stands in them.
 */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, { names, region, accountId, regions, availabilityPercent, maxLagMilliseconds }: OverviewProps) {
    super(scope, id);
    const checks = regions.flatMap(({ name, healthCheckId }) => (healthCheckId === undefined ? [] : [healthCheck(name, healthCheckId)]));
    new Dashboard(this, "dashboard", {
      names,
      role: "overview",
      region,
      rows: [
        regions.map((each) => alarms(each, accountId)),
        checks.length > 0 ? [{ title: "Regions that are well, as DNS sees them", metrics: checks }] : [],
        regions.length > 1 ? regions.map((each) => lag(each, maxLagMilliseconds)) : [],
        regions.map(capacity),
        regions.map((each) => budget(each, availabilityPercent)),
        regions.map(deployments),
        regions.filter(({ canaries }) => canaries.length > 0).map(canaryRuns),
      ],
    });
  }
}

function alarms({ name, names, zones }: Region, accountId: string): AlarmWidget {
  const composites = ["platform", "front-door", "service", "database", ...zones.map((zone) => `zone-${zone}`)];
  return {
    title: `Alarms of ${name}`,
    alarmArns: composites.map(
      (composite) => `arn:aws:cloudwatch:${name}:${accountId}:alarm:${names.of("cloudwatch_composite_alarm", composite)}`,
    ),
  };
}

function healthCheck(label: string, HealthCheckId: string): Metric {
  return { namespace: "AWS/Route53", name: "HealthCheckStatus", dimensions: { HealthCheckId }, statistic: "Minimum", label };
}

function lag({ name, names }: Region, maxLagMilliseconds: number): Widget {
  return {
    title: `How far ${name} is behind, while it follows`,
    region: name,
    metrics: [
      {
        namespace: "AWS/RDS",
        name: "AuroraGlobalDBReplicationLag",
        dimensions: { DBClusterIdentifier: names.of("rds_cluster") },
        statistic: "Maximum",
        label: "milliseconds",
      },
    ],
    threshold: { value: maxLagMilliseconds, label: "limit" },
  };
}

/** Load balancers have names with random ends, which a search finds. */
function capacity({ name, names }: Region): Widget {
  return {
    title: `Healthy tasks in each zone of ${name}`,
    region: name,
    metrics: [search("AvailabilityZone,LoadBalancer,TargetGroup", "HealthyHostCount", names, "Minimum")],
  };
}

/** The share of requests that was answered without an error of the platform, and the line that it must not cross. */
function budget({ name, names }: Region, availabilityPercent: number): Widget {
  const sum = (metric: string, id: string): Expression => ({
    id,
    expression: `SUM(${search("LoadBalancer", metric, names, "Sum").expression})`,
    label: metric,
  });
  return {
    title: `Requests of ${name} answered without an error, in percent`,
    region: name,
    metrics: [
      sum("RequestCount", "requests"),
      sum("HTTPCode_ELB_5XX_Count", "refused"),
      sum("HTTPCode_Target_5XX_Count", "failed"),
      { expression: "100 * (1 - (FILL(refused, 0) + FILL(failed, 0)) / requests)", label: "percent" },
    ],
    threshold: { value: availabilityPercent, label: "promise" },
  };
}

function deployments({ name, names }: Region): Widget {
  const dimensions = { ClusterName: names.of("ecs_cluster"), ServiceName: names.of("ecs_service") };
  const metric = (metricName: string, label: string): Metric => ({
    namespace: "ECS/ContainerInsights",
    name: metricName,
    dimensions,
    statistic: "Maximum",
    label,
  });
  return {
    title: `Tasks of ${name}; two deployments while one rolls out`,
    region: name,
    metrics: [metric("RunningTaskCount", "tasks"), metric("DeploymentCount", "deployments")],
  };
}

function canaryRuns({ name, names, canaries }: Region): Widget {
  return {
    title: `What canaries in ${name} find, in percent`,
    region: name,
    metrics: canaries.map((target) => ({
      namespace: "CloudWatchSynthetics",
      name: "SuccessPercent",
      dimensions: { CanaryName: names.of("synthetics_canary", target) },
      statistic: "Average",
      label: target,
    })),
  };
}

function search(dimensions: string, metric: string, names: Names, statistic: string): Expression {
  const filter = `{AWS/ApplicationELB,${dimensions}} MetricName="${metric}" "app/${names.of("lb")}"`;
  return { expression: `SEARCH('${filter}', '${statistic}', 60)`, label: "" };
}
