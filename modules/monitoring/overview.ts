import { Construct } from "constructs";
import type { Names, RegionScope } from "../../config/naming";
import { Dashboard } from "./dashboard";
import type { AlarmWidget, Expression, Metric, Widget } from "./metric";

export interface OverviewProps extends RegionScope {
  /** Every region of the platform, with its names and the id of its health check. */
  readonly regions: readonly {
    readonly name: string;
    readonly names: Names;
    /** Components of its composite alarms. */
    readonly compositeAlarms: readonly string[];
    readonly services: readonly { readonly name: string; readonly qualifier: string }[];
    readonly healthCheckId: string | undefined;
    /** Targets of its canaries. */
    readonly canaries: readonly string[];
  }[];
  /** Availability objective: percentage of requests without a server error. */
  readonly availabilityPercent: number;
  /** Maximum lag of a standby. */
  readonly maxLagMilliseconds: number;
}

type Region = OverviewProps["regions"][number];

/**
 * One dashboard for all regions: the health that DNS uses, the lag of the standbys, the capacity in each zone, and the
 * availability. It refers to the resources of the regions by name.
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
        checks.length > 0 ? [{ title: "Regions: health checks that DNS uses", metrics: checks }] : [],
        regions.length > 1 ? regions.map((each) => lag(each, maxLagMilliseconds)) : [],
        regions.map(capacity),
        regions.map((each) => availability(each, availabilityPercent)),
        regions.map(deployments),
        regions.filter(({ canaries }) => canaries.length > 0).map(canaryRuns),
      ],
    });
  }
}

function alarms({ name, names, compositeAlarms }: Region, accountId: string): AlarmWidget {
  return {
    title: `Alarms of ${name}`,
    alarmArns: compositeAlarms.map(
      (component) => `arn:aws:cloudwatch:${name}:${accountId}:alarm:${names.of("cloudwatch_composite_alarm", component)}`,
    ),
  };
}

function healthCheck(label: string, HealthCheckId: string): Metric {
  return { namespace: "AWS/Route53", name: "HealthCheckStatus", dimensions: { HealthCheckId }, statistic: "Minimum", label };
}

function lag({ name, names }: Region, maxLagMilliseconds: number): Widget {
  return {
    title: `Replication lag of ${name} while it is a standby`,
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

/** The metric dimensions of a load balancer end with a random id, which a search finds. */
function capacity({ name, names }: Region): Widget {
  return {
    title: `Healthy tasks in each zone of ${name}`,
    region: name,
    metrics: [search("AvailabilityZone,LoadBalancer,TargetGroup", "HealthyHostCount", names, "Minimum")],
  };
}

/** The percentage of requests without a server error, and the objective. */
function availability({ name, names }: Region, availabilityPercent: number): Widget {
  const sum = (metric: string, id: string): Expression => ({
    id,
    expression: `SUM(${search("LoadBalancer", metric, names, "Sum").expression})`,
    label: metric,
  });
  return {
    title: `Availability of ${name}: requests without a server error, in percent`,
    region: name,
    metrics: [
      sum("RequestCount", "requests"),
      sum("HTTPCode_ELB_5XX_Count", "load_balancer_errors"),
      sum("HTTPCode_Target_5XX_Count", "target_errors"),
      { expression: "100 * (1 - (FILL(load_balancer_errors, 0) + FILL(target_errors, 0)) / requests)", label: "percent" },
    ],
    threshold: { value: availabilityPercent, label: "objective" },
  };
}

function deployments({ name, names, services }: Region): Widget {
  const metric = (metricName: string, qualifier: string, label: string): Metric => ({
    namespace: "ECS/ContainerInsights",
    name: metricName,
    dimensions: { ClusterName: names.of("ecs_cluster"), ServiceName: names.of("ecs_service", qualifier) },
    statistic: "Maximum",
    label,
  });
  return {
    title: `Tasks and deployments of ${name} (two deployments during a rollout)`,
    region: name,
    metrics: services.flatMap(({ name: service, qualifier }) => [
      metric("RunningTaskCount", qualifier, `tasks of ${service}`),
      metric("DeploymentCount", qualifier, `deployments of ${service}`),
    ]),
  };
}

function canaryRuns({ name, names, canaries }: Region): Widget {
  return {
    title: `Canaries in ${name}: successful runs, in percent`,
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
