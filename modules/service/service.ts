import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
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
import { type ContainerProps, TaskDefinition } from "./task-definition";
import { serviceAlarms } from "./alarms";

export interface ServiceProps extends RegionScope, LogSettings {
  /** Tells its names apart from those of other services: `ledger`; nothing for the primary service. Changing it replaces the service. */
  readonly qualifier: string;
  readonly cluster: Cluster;
  readonly vpcId: string;
  /** Application subnets, one per zone: ECS spreads the tasks over them. */
  readonly subnetIds: string[];
  /** Tasks to keep running: exactly so many when both are the same, 0 keeps the service ready to be scaled. */
  readonly tasks: TaskRange;
  /** Whether a runbook raises that number when the region takes over: an apply then leaves the number as it is. */
  readonly tasksChangedByRunbook: boolean;
  /** What is followed between the two. */
  readonly scaling: ScalingTargets;
  /** So many tasks run on demand, all others on Fargate Spot. @default - all run on demand */
  readonly spot?: { readonly onDemand: number } | undefined;
  /** CPU units of a task, and memory in MiB. A change rolls the tasks. */
  readonly cpu: number;
  readonly memoryMib: number;
  readonly architecture: "X86_64" | "ARM64";
  readonly container: ContainerProps;
  /** Seconds that a task may take to start before a failed check counts. */
  readonly healthCheckGracePeriodSeconds: number;
  /** Where the load balancer sends its requests. @default - it gets none */
  readonly targets?: { readonly groupArn: string; readonly requestLabel: string } | undefined;
  /** How other services find it. @default - not at all */
  readonly discoverable?: Discoverable | undefined;
  /** What must exist before the first task starts: its way out, the listener, the database. */
  readonly after: readonly ITerraformDependable[];
  /** What is needed to start a task: read its parameters and secrets. */
  readonly startStatements: readonly Statement[];
  /** What the program itself may do. @default - nothing */
  readonly runStatements?: readonly Statement[];
  readonly alerts: Alerts;
}

/** Deployments may run twice the tasks for a while and never fewer than all of them. */
const MAX_PERCENT = 200;
const MIN_HEALTHY_PERCENT = 100;

/** An ECS service on Fargate that keeps an exact number of tasks, or follows the load, spread over the zones. */
export class Service extends Construct {
  readonly securityGroup: SecurityGroup;
  /** Its name as a literal, for ARNs and metrics. */
  readonly serviceName: string;
  readonly widgets: readonly Widget[];

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
    const service = this.service(props);
    new Scaling(this, "scaling", {
      names,
      qualifier,
      service,
      clusterName: props.cluster.clusterName,
      tasks,
      changedByRunbook: props.tasksChangedByRunbook,
      follow: props.scaling,
      requestLabel: props.targets?.requestLabel,
    });
    this.widgets = serviceAlarms(this, {
      ...props,
      service: this.serviceName,
      clusterName: props.cluster.clusterName,
    });
  }

  private service(props: ServiceProps): EcsService {
    const { names, accountId, container, qualifier, cluster, targets, discoverable, spot } = props;
    const log = new LogGroup(this, "log", {
      name: names.path(qualified("service", qualifier)),
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays,
    });
    const ecsTasks = "ecs-tasks.amazonaws.com";
    const starter = new ServiceRole(this, "execution-role", {
      names,
      accountId,
      purpose: qualified("ecs-execution", qualifier),
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
      executionRoleArn: starter.arn,
      taskRoleArn: runner.arn,
      logGroup: log.name,
      container,
    });
    const discovery =
      discoverable && new Discovery(this, "discovery", { ...discoverable, port: container.port, region: props.region, logGroup: log.name });
    return new EcsService(this, "service", {
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
      // Without it, a change of the line above would replace the service, and interrupt it.
      forceNewDeployment: true,
      platformVersion: "1.4.0",
      deploymentMinimumHealthyPercent: MIN_HEALTHY_PERCENT,
      deploymentMaximumPercent: MAX_PERCENT,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // The provider's own default would leave the tasks of a lost zone where they landed, for ever.
      availabilityZoneRebalancing: "ENABLED",
      networkConfiguration: { subnets: props.subnetIds, securityGroups: [this.securityGroup.id], assignPublicIp: false },
      ...(targets && {
        loadBalancer: [{ targetGroupArn: targets.groupArn, containerName: container.name, containerPort: container.port }],
        healthCheckGracePeriodSeconds: props.healthCheckGracePeriodSeconds,
      }),
      ...discovery?.arguments,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      enableExecuteCommand: false,
      waitForSteadyState: true,
      // Where the number follows the load, or a runbook raises it, it is not Terraform's; where it is exact, Terraform repairs it too.
      ...((elastic(props.tasks) || props.tasksChangedByRunbook) && { lifecycle: { ignoreChanges: ["desired_count"] } }),
      dependsOn: [...props.after, cluster.ready, ...starter.ready, ...runner.ready],
    });
  }
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
