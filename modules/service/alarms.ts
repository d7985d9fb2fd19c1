import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { qualified, type RegionScope } from "../../config/naming";
import { cpuLimitForZoneLoss, type TaskRange } from "../../config/capacity";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";

export interface ServiceAlarmsProps extends RegionScope {
  /** Distinguishes its names from those of other services: `ledger`. Empty for the primary service. */
  readonly qualifier: string;
  /** Name of the ECS cluster, as a dimension of the metrics. */
  readonly clusterName: string;
  /** Name of the ECS service, as a dimension of the metrics. */
  readonly service: string;
  /** The container of the program, by its name in the task definition. */
  readonly container: { readonly name: string };
  /** Range of the number of tasks. Below the minimum, an alarm fires; with a minimum of 0, there are no alarms on tasks. */
  readonly tasks: TaskRange;
  /** Number of zones over which ECS spreads the tasks. */
  readonly zones: number;
  /** Alarms that belong to the service and are created elsewhere. */
  readonly furtherAlarms: readonly CloudwatchMetricAlarm[];
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/** Memory depends on what a task keeps, and little on its share of the load. */
const MAX_MEMORY_PERCENT = 85;

/** Alarms, events and widgets of one ECS service. */
export function serviceAlarms(scope: Construct, props: ServiceAlarmsProps): Widget[] {
  const { tasks, clusterName, service, qualifier } = props;
  const metrics = serviceMetrics(clusterName, service, props.container.name);
  const alarms = [...(tasks.min > 0 ? taskAlarms(scope, props, metrics) : []), ...props.furtherAlarms];
  if (alarms.length > 0)
    props.alerts.composites.addComponent(scope, qualified("service", qualifier), alarms, {
      runbook: "service.md#composite-alarm",
      clients: "no effect while the remaining tasks have capacity",
      within: "zone",
      variables: { SERVICE: qualified("service", qualifier) },
    });
  createEventAlerts(scope, props);
  const ofService = qualifier === "" ? "" : ` of ${qualifier}`;
  return [
    {
      title: `Running tasks${ofService}`,
      metrics: [metrics.running, metrics.deployments, metrics.unhealthy],
      threshold: { value: tasks.min, label: "minimum" },
    },
    { title: `CPU and memory of the tasks${ofService}`, metrics: [metrics.cpu, metrics.memory] },
  ];
}

function taskAlarms(
  scope: Construct,
  { alerts, tasks: { min: tasks }, zones, qualifier }: ServiceAlarmsProps,
  metrics: ReturnType<typeof serviceMetrics>,
): CloudwatchMetricAlarm[] {
  const runbook = (section: string): string => `service.md#${section}`;
  const cpuPercent = cpuLimitForZoneLoss(tasks, zones);
  return [
    alerts.alarm(scope, qualified(qualifier, "running-tasks-low"), {
      severity: "critical",
      means: `Fewer than ${tasks} tasks are running.`,
      metric: metrics.running,
      when: { below: tasks },
      missingData: "breaching",
      runbook: runbook("running-tasks"),
    }),
    alerts.alarm(scope, qualified(qualifier, "containers-unhealthy"), {
      severity: "critical",
      means: "A container fails the health check of its task definition. ECS replaces the task.",
      metric: metrics.unhealthy,
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: runbook("unhealthy-containers"),
    }),
    alerts.alarm(scope, qualified(qualifier, "service-cpu-high"), {
      severity: "warning",
      means: `The tasks use more than ${cpuPercent} % of their CPU. They have no capacity for the load of a lost zone.`,
      metric: metrics.cpu,
      when: { above: cpuPercent },
      missingData: "breaching",
      runbook: runbook("load"),
    }),
    alerts.alarm(scope, qualified(qualifier, "service-memory-high"), {
      severity: "warning",
      means: `The tasks use more than ${MAX_MEMORY_PERCENT} % of their memory. Containers that exceed it are stopped.`,
      metric: metrics.memory,
      when: { above: MAX_MEMORY_PERCENT },
      missingData: "breaching",
      runbook: runbook("load"),
    }),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html */
function createEventAlerts(scope: Construct, { alerts, region, accountId, clusterName, service, qualifier }: ServiceAlarmsProps): void {
  const clusterArn = `arn:aws:ecs:${region}:${accountId}:cluster/${clusterName}`;
  const serviceArn = `arn:aws:ecs:${region}:${accountId}:service/${clusterName}/${service}`;
  const source = ["aws.ecs"];
  alerts.event(scope, qualified(qualifier, "task-stopped"), {
    means: "A task stopped unexpectedly",
    clients: "the requests in this task failed; other tasks serve",
    pattern: {
      source,
      "detail-type": ["ECS Task State Change"],
      detail: {
        clusterArn: [clusterArn],
        group: [`service:${service}`],
        lastStatus: ["STOPPED"],
        // Interruptions of Fargate Spot are expected.
        stopCode: [{ "anything-but": ["ServiceSchedulerInitiated", "SpotInterruption", "UserInitiated"] }],
      },
    },
    paths: { task: "$.detail.taskArn", code: "$.detail.stopCode", reason: "$.detail.stoppedReason", zone: "$.detail.availabilityZone" },
    sentence: "Task <task> in <zone> stopped (<code>): <reason>",
    runbook: "service.md#stopped-tasks",
  });
  alerts.event(scope, qualified(qualifier, "task-placement-failed"), {
    means: "ECS cannot start tasks",
    clients: "no effect while the running tasks have capacity",
    pattern: {
      source,
      "detail-type": ["ECS Service Action"],
      resources: [serviceArn],
      detail: { eventName: ["SERVICE_TASK_PLACEMENT_FAILURE", "SERVICE_TASK_CONFIGURATION_FAILURE", "SERVICE_TASK_START_IMPAIRED"] },
    },
    paths: { event: "$.detail.eventName", reason: "$.detail.reason" },
    sentence: "ECS cannot start tasks: <event> <reason>",
    runbook: "service.md#placement",
  });
  alerts.event(scope, qualified(qualifier, "deployment-failed"), {
    means: "A deployment failed and is rolled back",
    clients: "no effect, the release before it serves",
    // These events contain the service only in their resources, and no cluster.
    pattern: {
      source,
      "detail-type": ["ECS Deployment State Change"],
      resources: [serviceArn],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    },
    paths: { deployment: "$.detail.deploymentId", reason: "$.detail.reason" },
    sentence: "Deployment <deployment> failed and is rolled back: <reason>",
    runbook: "service.md#deployments",
  });
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html */
function serviceMetrics(cluster: string, service: string, container: string) {
  const dimensions = { ClusterName: cluster, ServiceName: service };
  return {
    running: { namespace: "ECS/ContainerInsights", name: "RunningTaskCount", dimensions, statistic: "Minimum", label: "running tasks" },
    cpu: { namespace: "AWS/ECS", name: "CPUUtilization", dimensions, statistic: "Average", label: "CPU percent" },
    unhealthy: {
      namespace: "ECS/ContainerInsights",
      name: "UnHealthyContainerHealthStatus",
      dimensions: { ...dimensions, ContainerName: container },
      statistic: "Maximum",
      label: "unhealthy containers",
    },
    deployments: { namespace: "ECS/ContainerInsights", name: "DeploymentCount", dimensions, statistic: "Maximum", label: "deployments" },
    memory: { namespace: "AWS/ECS", name: "MemoryUtilization", dimensions, statistic: "Average", label: "memory percent" },
  } satisfies Record<string, Metric>;
}
