import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { dependable, type ITerraformDependable, type Postcondition, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { qualified, type RegionScope } from "../../config/naming";
import type { TaskRange } from "../../config/capacity";
import { ServiceRole } from "../iam/service-role";
import type { Statement } from "../iam/policy";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup, type LogSettings } from "../monitoring/log-group";
import type { Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import type { Cluster } from "./cluster";
import { type Discoverable, Discovery } from "./discovery";
import { elastic, Scaling, type ScalingTargets } from "./scaling";
import { logMetrics, type LogMetricsProps } from "./log-metrics";
import { pullImages, type Registries } from "./permissions";
import type { Sidecar } from "./sidecar";
import { type ContainerProps, TaskDefinition } from "./task-definition";
import { serviceAlarms } from "./alarms";

export interface ServiceProps extends RegionScope, LogSettings {
  /** Distinguishes its names from those of other services: `ledger`. Empty for the primary service. Changing it replaces the service. */
  readonly qualifier: string;
  readonly cluster: Cluster;
  readonly vpcId: string;
  /** Application subnets, one per zone. ECS spreads the tasks across them. */
  readonly subnetIds: string[];
  /** Range of the number of tasks. Equal bounds are an exact number; with 0, the service exists and can be scaled. */
  readonly tasks: TaskRange;
  /** HCL expression of the number of tasks, in the place of the minimum. Terraform manages it. @default - the minimum */
  readonly desiredCount?: string | undefined;
  /** Whether a runbook raises the number when the region takes over. An apply then ignores the number. */
  readonly tasksChangedByRunbook: boolean;
  /** Target values for scaling within the range. */
  readonly scaling: ScalingTargets;
  /** Number of tasks on Fargate; all others run on Fargate Spot. @default - all tasks run on Fargate */
  readonly spot?: { readonly onDemand: number } | undefined;
  /** CPU units and memory (MiB) of a task. A change starts a rolling deployment. */
  readonly cpu: number;
  readonly memoryMib: number;
  readonly architecture: "X86_64" | "ARM64";
  readonly container: ContainerProps;
  readonly sidecars: readonly Sidecar[];
  /** Private registries from which the tasks may pull. */
  readonly registries: Registries;
  /** Metrics of its log, and their namespace. */
  readonly logMetrics: LogMetricsProps["logMetrics"];
  readonly logMetricNamespace: string;
  /** Whether ECS Exec can open a session in its containers. The cluster must have it. */
  readonly exec: boolean;
  /** Seconds after the start of a task in which failed health checks of the load balancer are ignored. */
  readonly healthCheckGracePeriodSeconds: number;
  /** Target group of the load balancer. @default - no requests from the load balancer */
  readonly targets?:
    | {
        readonly groupArn: string;
        readonly requestLabel: string;
        /** Alarms that stop and roll back a deployment. */
        readonly deploymentAlarms: readonly CloudwatchMetricAlarm[];
      }
    | undefined;
  /** Registration for service discovery. @default - none */
  readonly discoverable?: Discoverable | undefined;
  /** Whether ECS can roll back to the former revision. @see TaskDefinitionProps */
  readonly keepsFormerRevision: boolean;
  /** Resources that must exist before the first task starts: outbound routes, the listener, the database. */
  readonly after: readonly ITerraformDependable[];
  /** Permissions of the execution role: reading parameters and secrets. */
  readonly startStatements: readonly Statement[];
  /** Permissions of the task role. @default - none */
  readonly runStatements?: readonly Statement[];
  readonly alerts: Alerts;
}

/** A deployment runs at most twice the tasks, and never fewer than the desired number. */
const MAX_PERCENT = 200;
const MIN_HEALTHY_PERCENT = 100;

/** An ECS service on Fargate, spread across the zones, with a fixed number of tasks or auto scaling. */
export class Service extends Construct {
  readonly securityGroup: SecurityGroup;
  /** The name as a literal, for ARNs and metrics. */
  readonly serviceName: string;
  readonly widgets: readonly Widget[];
  private readonly resource: EcsService;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { names, vpcId, container, qualifier, tasks } = props;
    this.serviceName = names.of("ecs_service", qualifier);
    this.securityGroup = new SecurityGroup(this, "security-group", {
      names,
      vpcId,
      role: qualified("service", qualifier),
      port: container.port,
    });
    const log = new LogGroup(this, "log", {
      name: names.path(qualified("service", qualifier)),
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays,
    });
    this.resource = this.service(props, log);
    if (props.desiredCount === undefined)
      new Scaling(this, "scaling", {
        names,
        qualifier,
        service: this.resource,
        clusterName: props.cluster.clusterName,
        tasks,
        changedByRunbook: props.tasksChangedByRunbook,
        targets: props.scaling,
        requestLabel: props.targets?.requestLabel,
      });
    const counted = logMetrics(this, {
      ...props,
      service: container.name,
      logGroup: log.name,
      namespace: props.logMetricNamespace,
      running: tasks.min > 0,
    });
    const widgets = serviceAlarms(this, {
      ...props,
      zones: props.subnetIds.length,
      service: this.serviceName,
      clusterName: props.cluster.clusterName,
      furtherAlarms: counted.alarms,
    });
    this.widgets = [...widgets, ...counted.widgets];
  }

  /**
   * Starts the tasks after another service exists and is stable. The proxy of Service Connect knows the endpoints that exist
   * when its task starts, and no later ones.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
   */
  startAfter(service: Service): void {
    this.dependOn([service.resource]);
  }

  /**
   * Updates the service after rules of security groups exist. Rules of a former port are then deleted after the deployment: the
   * former tasks receive requests on it until they stop.
   */
  updateAfter(rules: readonly TerraformResource[]): void {
    this.dependOn(rules);
  }

  /** Routes requests after the service is stable. */
  get stable(): TerraformResource {
    return this.resource;
  }

  private dependOn(resources: readonly TerraformResource[]): void {
    this.resource.dependsOn = [...(this.resource.dependsOn ?? []), ...resources.map(dependable)];
  }

  private service(props: ServiceProps, log: LogGroup): EcsService {
    const { names, accountId, container, qualifier, cluster, targets, discoverable, spot } = props;
    const ecsTasks = "ecs-tasks.amazonaws.com";
    const executionRole = new ServiceRole(this, "execution-role", {
      names,
      accountId,
      purpose: qualified("ecs-execution", qualifier),
      service: ecsTasks,
      statements: [
        { Sid: "WriteOwnLog", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${log.arn}:*` },
        ...pullImages(props.region, props.registries),
        ...props.startStatements,
      ],
    });
    const taskRole = new ServiceRole(this, "task-role", {
      names,
      accountId,
      purpose: qualified("ecs-task", qualifier),
      service: ecsTasks,
      ...(props.runStatements && { statements: props.runStatements }),
    });
    const task = new TaskDefinition(this, "task", {
      names,
      qualifier,
      region: props.region,
      cpu: props.cpu,
      memoryMib: props.memoryMib,
      architecture: props.architecture,
      executionRoleArn: executionRole.arn,
      taskRoleArn: taskRole.arn,
      logGroup: log.name,
      container,
      sidecars: props.sidecars,
      keepsFormerRevision: props.keepsFormerRevision,
    });
    const discovery =
      discoverable && new Discovery(this, "discovery", { ...discoverable, port: container.port, region: props.region, logGroup: log.name });
    const service = new EcsService(this, "service", {
      name: this.serviceName,
      cluster: cluster.arn,
      taskDefinition: task.arn,
      desiredCount: props.tasks.min,
      capacityProviderStrategy: spot
        ? [
            { capacityProvider: "FARGATE", base: spot.onDemand, weight: 0 },
            { capacityProvider: "FARGATE_SPOT", weight: 1 },
          ]
        : [{ capacityProvider: "FARGATE", weight: 1 }],
      // Without it, a change of the capacity providers would replace the service, with an interruption.
      forceNewDeployment: true,
      platformVersion: "1.4.0",
      deploymentMinimumHealthyPercent: MIN_HEALTHY_PERCENT,
      deploymentMaximumPercent: MAX_PERCENT,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // With the default of the provider, ECS would not move tasks back after the recovery of a zone.
      availabilityZoneRebalancing: "ENABLED",
      networkConfiguration: { subnets: props.subnetIds, securityGroups: [this.securityGroup.id], assignPublicIp: false },
      ...(targets && {
        loadBalancer: [{ targetGroupArn: targets.groupArn, containerName: container.name, containerPort: container.port }],
        healthCheckGracePeriodSeconds: props.healthCheckGracePeriodSeconds,
        // ECS ignores them in a deployment that starts while one of them is in ALARM, so that a correction can be deployed:
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
        alarms: { enable: true, rollback: true, alarmNames: targets.deploymentAlarms.map(({ alarmNameInput }) => alarmNameInput ?? "") },
      }),
      ...discovery?.arguments,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      enableExecuteCommand: props.exec,
      waitForSteadyState: true,
      lifecycle: {
        postcondition: [deployed(this.serviceName, task.address)],
        // Terraform manages an exact number. It ignores a number that auto scaling or a runbook changes.
        ...((elastic(props.tasks) || props.tasksChangedByRunbook) && { ignoreChanges: ["desired_count"] }),
      },
      dependsOn: [...props.after, ...(targets?.deploymentAlarms ?? []), cluster.ready, ...executionRole.ready, ...taskRole.ready],
    });
    if (props.desiredCount !== undefined) service.addOverride("desired_count", `\${${props.desiredCount}}`);
    return service;
  }
}

/**
 * A deployment that the circuit breaker rolls back ends in a steady state, of the former revision. Without this condition, Terraform would
 * report success.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/20858
 */
function deployed(service: string, taskDefinition: string): Postcondition {
  return {
    condition: `\${self.task_definition == ${taskDefinition}.arn}`,
    errorMessage: `The deployment of ${service} failed, and ECS rolled it back: the service runs \${self.task_definition}, as before. Find the reason with docs/runbooks/service.md#deployments, and apply again with the corrected image or the previous one. An apply without another image repeats the failed deployment.`,
  };
}
