import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { answers, type AnswersProps } from "./answers";
import { Dashboard } from "./dashboard";
import { loadBalancerSearch } from "./load-balancer-search";
import type { AlarmWidget, Metric, TextWidget, Widget } from "./metric";
import type { OverviewRegion } from "./overview-region";

export interface OverviewProps extends RegionScope, AnswersProps {}

/**
 * One dashboard for all regions: the alarms, the answers to the first questions in a failure, links to the dashboards with the tiers of
 * each region, and what a failover changes. It refers to the resources of the regions by name.
 */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, { names, region, accountId, ...props }: OverviewProps) {
    super(scope, id);
    const { regions } = props;
    new Dashboard(this, "dashboard", {
      names,
      role: "overview",
      region,
      rows: [
        regions.map((each) => alarms(each, accountId)),
        ...answers(props),
        [links(regions)],
        regions.map(capacity),
        regions.map(deployments),
        regions.filter(({ canaries }) => canaries.length > 0).map(canaryRuns),
      ],
    });
  }
}

function alarms({ name, names, compositeAlarms }: OverviewRegion, accountId: string): AlarmWidget {
  return {
    title: `Alarms of ${name}`,
    alarmArns: compositeAlarms.map(
      (component) => `arn:aws:cloudwatch:${name}:${accountId}:alarm:${names.of("cloudwatch_composite_alarm", component)}`,
    ),
  };
}

/** Each dashboard opens in the console of its region, which works while another region is lost. */
function links(regions: readonly OverviewRegion[]): TextWidget {
  const link = ({ name, names }: OverviewRegion): string =>
    `[${name}](https://${name}.console.aws.amazon.com/cloudwatch/home?region=${name}#dashboards:name=${names.of("cloudwatch_dashboard")})`;
  return { markdown: `All tiers of a region: ${regions.map(link).join(" · ")}` };
}

function capacity({ name, names }: OverviewRegion): Widget {
  const expression = loadBalancerSearch(names, "AvailabilityZone,LoadBalancer,TargetGroup", ["HealthyHostCount"], "Minimum");
  // Without a label, the legend shows zone and target group of each line.
  return { title: `Healthy tasks in each zone of ${name}`, region: name, metrics: [{ expression, label: "" }] };
}

function deployments({ name, names, services }: OverviewRegion): Widget {
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

function canaryRuns({ name, names, canaries }: OverviewRegion): Widget {
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
