import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { TaskRange } from "../../config/tasks";
import { ServiceRole } from "../iam/service-role";
import type { Statement } from "../iam/policy";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup } from "../monitoring/log-group";
import type { Metric, Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import { type ContainerProps, TaskDefinition } from "./task-definition";

export interface ServiceProps {
  readonly names: Names;
  readonly region: string;
  readonly accountId: string;
  readonly vpcId: string;
  /** Application subnets, one per zone: ECS spreads the tasks over them. */
  readonly subnetIds: string[];
  /** Tasks to keep running: exactly so many when both are the same, 0 keeps the service ready to be scaled. */
  readonly tasks: TaskRange;
  /** What is followed between the two. */
  readonly scaling: ScalingTargets;
  /** CPU units of a task, and memory in MiB. A change rolls the tasks. */
  readonly cpu: number;
  readonly memoryMib: number;
  readonly architecture: "X86_64" | "ARM64";
  readonly container: ContainerProps;
  /** Seconds that a task may take to start before a failed check counts. */
  readonly startGraceSeconds: number;
  readonly targetGroupArn: string;
  /** What must exist before the first task starts: its way out, the listener, the database. */
  readonly after: readonly ITerraformDependable[];
  /** Encrypts the tasks' ephemeral storage; its policy must let Fargate in (`fargateMayEncrypt`). */
  readonly storageKeyId: string;
  readonly logKeyArn: string;
  readonly logRetentionDays: number;
  /** What is needed to start a task: read its parameters and secrets. */
  readonly startStatements: readonly Statement[];
  /** What the program itself may do. @default - nothing */
  readonly runStatements?: readonly Statement[];
  readonly alerts: Alerts;
}

interface ScalingTargets {
  /** Average load of all tasks to keep to, in percent of processor time and memory. */
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  /** Seconds of rest after a step. */
  readonly scaleOutSeconds: number;
  readonly scaleInSeconds: number;
}

/** Deployments may run twice the tasks for a while and never fewer than all of them. */
const MAX_PERCENT = 200;
const MIN_HEALTHY_PERCENT = 100;
const MAX_CPU_PERCENT = 85;
const MAX_MEMORY_PERCENT = 85;

/** An ECS service on Fargate that keeps an exact number of tasks, or follows the load, spread over the zones. */
export class Service extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { names, vpcId, container } = props;
    this.securityGroup = new SecurityGroup(this, "security-group", { names, vpcId, role: "service", port: container.port });
    const cluster = this.cluster(props);
    const service = this.service(props, cluster);
    this.scale(props, service);
    this.widgets = this.watch(props);
  }

  private cluster({ names, storageKeyId, logKeyArn, logRetentionDays }: ServiceProps): EcsCluster {
    const name = names.of("ecs_cluster");
    // Container Insights would make the group itself, keep everything for ever, and leave it behind.
    const insights = new LogGroup(this, "insights-log", {
      name: `/aws/ecs/containerinsights/${name}/performance`,
      keyArn: logKeyArn,
      retentionDays: logRetentionDays,
    });
    const cluster = new EcsCluster(this, "cluster", {
      name,
      setting: [{ name: "containerInsights", value: "enhanced" }],
      configuration: { managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: storageKeyId } },
      dependsOn: [insights.resource],
    });
    new EcsClusterCapacityProviders(this, "capacity", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
    });
    return cluster;
  }

  private service(props: ServiceProps, cluster: EcsCluster): EcsService {
    const { names, accountId, container } = props;
    const log = new LogGroup(this, "log", { name: names.path("service"), keyArn: props.logKeyArn, retentionDays: props.logRetentionDays });
    const ecsTasks = "ecs-tasks.amazonaws.com";
    const starter = new ServiceRole(this, "execution-role", {
      names,
      accountId,
      purpose: "ecs-execution",
      service: ecsTasks,
      statements: [
        { Sid: "WriteOwnLog", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${log.arn}:*` },
        ...pullImage(props.region, accountId),
        ...props.startStatements,
      ],
    });
    const runner = new ServiceRole(this, "task-role", {
      names,
      accountId,
      purpose: "ecs-task",
      service: ecsTasks,
      ...(props.runStatements && { statements: props.runStatements }),
    });
    const task = new TaskDefinition(this, "task", {
      names,
      region: props.region,
      cpu: props.cpu,
      memoryMib: props.memoryMib,
      architecture: props.architecture,
      executionRoleArn: starter.arn,
      taskRoleArn: runner.arn,
      logGroup: log.name,
      container,
    });
    return new EcsService(this, "service", {
      name: names.of("ecs_service"),
      cluster: cluster.arn,
      taskDefinition: task.arn,
      desiredCount: props.tasks.min,
      launchType: "FARGATE",
      platformVersion: "1.4.0",
      deploymentMinimumHealthyPercent: MIN_HEALTHY_PERCENT,
      deploymentMaximumPercent: MAX_PERCENT,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // The provider's own default would leave the tasks of a lost zone where they landed, for ever.
      availabilityZoneRebalancing: "ENABLED",
      healthCheckGracePeriodSeconds: props.startGraceSeconds,
      networkConfiguration: { subnets: props.subnetIds, securityGroups: [this.securityGroup.id], assignPublicIp: false },
      loadBalancer: [{ targetGroupArn: props.targetGroupArn, containerName: container.name, containerPort: container.port }],
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      enableExecuteCommand: false,
      waitForSteadyState: true,
      // Where the number follows the load it is not Terraform's; where it is exact, Terraform repairs it too.
      ...(elastic(props.tasks) && { lifecycle: { ignoreChanges: ["desired_count"] } }),
      dependsOn: [...props.after, ...starter.ready, ...runner.ready],
    });
  }

  /** Application Auto Scaling: with both ends equal, whatever changes the number of tasks is undone. */
  private scale({ names, tasks, scaling }: ServiceProps, service: EcsService): void {
    const target = new AppautoscalingTarget(this, "capacity-target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${names.of("ecs_cluster")}/${names.of("ecs_service")}`,
      minCapacity: tasks.min,
      maxCapacity: tasks.max,
      dependsOn: [service],
    });
    if (!elastic(tasks)) return;
    const follow = (id: string, predefinedMetricType: string, targetValue: number) =>
      new AppautoscalingPolicy(this, `scale-on-${id}`, {
        name: names.of("appautoscaling_policy", id),
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType },
          targetValue,
          scaleOutCooldown: scaling.scaleOutSeconds,
          scaleInCooldown: scaling.scaleInSeconds,
        },
      });
    // Either is enough to add tasks; both must agree to remove some.
    follow("cpu", "ECSServiceAverageCPUUtilization", scaling.cpuPercent);
    follow("memory", "ECSServiceAverageMemoryUtilization", scaling.memoryPercent);
  }

  private watch({ names, region, accountId, tasks, alerts }: ServiceProps): Widget[] {
    const cluster = names.of("ecs_cluster");
    const service = names.of("ecs_service");
    const metrics = serviceMetrics(cluster, service);
    if (tasks.min > 0) this.watchTasks(tasks.min, alerts, metrics);
    this.watchEvents(
      alerts,
      `arn:aws:ecs:${region}:${accountId}:cluster/${cluster}`,
      `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${service}`,
      service,
    );
    return [
      { title: "Running tasks", metrics: [metrics.running], threshold: { value: tasks.min, label: "at least" } },
      { title: "Load of the tasks", metrics: [metrics.cpu, metrics.memory] },
    ];
  }

  private watchTasks(tasks: number, alerts: Alerts, metrics: ReturnType<typeof serviceMetrics>): void {
    const runbook = (section: string): string => `service.md#${section}`;
    const alarms = [
      alerts.alarm(this, "running-tasks-low", {
        severity: "critical",
        means: `Fewer than ${tasks} tasks run.`,
        metric: metrics.running,
        when: { below: tasks },
        missingData: "breaching",
        runbook: runbook("running-tasks"),
      }),
      alerts.alarm(this, "service-cpu-high", {
        severity: "warning",
        means: "The tasks have no processor time left for the load of a lost zone.",
        metric: metrics.cpu,
        when: { above: MAX_CPU_PERCENT },
        missingData: "breaching",
        runbook: runbook("load"),
      }),
      alerts.alarm(this, "service-memory-high", {
        severity: "warning",
        means: "The tasks are close to being killed for their use of memory.",
        metric: metrics.memory,
        when: { above: MAX_MEMORY_PERCENT },
        missingData: "breaching",
        runbook: runbook("load"),
      }),
    ];
    alerts.tier(this, "service", alarms, runbook("tier"));
  }

  /** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html */
  private watchEvents(alerts: Alerts, clusterArn: string, serviceArn: string, service: string): void {
    const source = ["aws.ecs"];
    alerts.event(this, "task-stopped", {
      means: "A task stopped that nobody asked to stop",
      pattern: {
        source,
        "detail-type": ["ECS Task State Change"],
        detail: {
          clusterArn: [clusterArn],
          group: [`service:${service}`],
          lastStatus: ["STOPPED"],
          stopCode: [{ "anything-but": ["ServiceSchedulerInitiated", "UserInitiated"] }],
        },
      },
      paths: { task: "$.detail.taskArn", code: "$.detail.stopCode", reason: "$.detail.stoppedReason", zone: "$.detail.availabilityZone" },
      sentence: "Task <task> in <zone> stopped (<code>): <reason>",
      runbook: "service.md#stopped-tasks",
    });
    alerts.event(this, "task-placement-failed", {
      means: "ECS cannot start the tasks that it should",
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
    alerts.event(this, "deployment-failed", {
      means: "A deployment failed and is rolled back",
      // These events carry the service only among their resources, and no cluster.
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
}

function elastic(tasks: TaskRange): boolean {
  return tasks.max > tasks.min;
}

/** Images of this account and the region's own registry; public registries need no permission. */
function pullImage(region: string, accountId: string): Statement[] {
  return [
    { Sid: "RegistryLogin", Action: "ecr:GetAuthorizationToken", everyResourceBecause: "the token is the account's, not a repository's" },
    {
      Sid: "PullOwnImages",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      Resource: `arn:aws:ecr:${region}:${accountId}:repository/*`,
    },
  ];
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html */
function serviceMetrics(cluster: string, service: string) {
  const dimensions = { ClusterName: cluster, ServiceName: service };
  return {
    running: { namespace: "ECS/ContainerInsights", name: "RunningTaskCount", dimensions, statistic: "Minimum", label: "running tasks" },
    cpu: { namespace: "AWS/ECS", name: "CPUUtilization", dimensions, statistic: "Average", label: "CPU percent" },
    memory: { namespace: "AWS/ECS", name: "MemoryUtilization", dimensions, statistic: "Average", label: "memory percent" },
  } satisfies Record<string, Metric>;
}
