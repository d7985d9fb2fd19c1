import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { dependable, type Postcondition, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { qualified } from "../../config/naming";
import { ServiceRole } from "../iam/service-role";
import { LogGroup } from "../monitoring/log-group";
import type { Widget } from "../monitoring/metric";
import { SecurityGroup } from "../security/security-group";
import { Discovery } from "./discovery";
import { elastic, Scaling } from "./scaling";
import { logMetrics } from "./log-metrics";
import { pullImages } from "./permissions";
import { TaskDefinition } from "./task-definition";
import { serviceAlarms } from "./alarms";
import type { ServiceProps } from "./service-props";

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
