import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { addressOf } from "../state/address";
import { hclLiteral } from "../state/hcl-literal";
import { type Sidecar, sidecarDefinition } from "./sidecar";

export interface ContainerProps {
  /** Name of the container in the task definition. */
  readonly name: string;
  /** Image with tag or digest. A token, because a release changes it without a new synth. */
  readonly image: string;
  /** HCL expression of the list of command and arguments, e.g. `var.container_command`. Empty: the default of the image. */
  readonly command: string;
  /** HCL expression of a map of environment variables, e.g. `var.task_environment`. */
  readonly environment: string;
  /** Environment variables whose values ECS reads at start, each with the ARN of its value. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Credentials of private registries: the ARN of the secret, by the host of the registry. The image decides at plan time which one is used. */
  readonly registryCredentials: Readonly<Record<string, string>>;
  /** Labels of the container. A changed label replaces the tasks, for changes that they would not detect. */
  readonly labels: Readonly<Record<string, string>>;
  /** TCP port on which the program listens, 1024 or higher. */
  readonly port: number;
  /** Protocol of the port. */
  readonly protocol: "HTTP" | "HTTPS";
  /** Command of the container health check. Its program must be in the image. `{port}` is replaced by the port. */
  readonly healthCheckCommand: readonly string[];
  /** Numeric user, never root. */
  readonly user: string;
  /** Whether the root filesystem is read-only. */
  readonly readonlyRootFilesystem: boolean;
  /** Time between SIGTERM and SIGKILL, 2–120. */
  readonly stopTimeoutSeconds: number;
}

export interface TaskDefinitionProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Distinguishes its name from those of other services. */
  readonly qualifier: string;
  /** Region of the resources, as in ARNs and metrics. */
  readonly region: string;
  /** CPU units of a task: 1024 are one vCPU. */
  readonly cpu: number;
  /** Memory of a task in MiB. */
  readonly memoryMib: number;
  /** Processor architecture of the images. */
  readonly architecture: "X86_64" | "ARM64";
  /** ARN of the role with which ECS pulls images and reads secrets. */
  readonly executionRoleArn: string;
  /** ARN of the role of the program. */
  readonly taskRoleArn: string;
  /** Name of the log group of the containers. */
  readonly logGroup: string;
  /** The container of the program. */
  readonly container: ContainerProps;
  /** Further containers of the task. */
  readonly sidecars: readonly Sidecar[];
  /**
   * Whether a former revision is deregistered after the deployment of the next one, so that ECS can roll back to it. Terraform then
   * creates everything first to which the definition refers: it must refer to nothing whose names are taken, such as a database.
   */
  readonly keepsFormerRevision: boolean;
}

/**
 * A container becomes unhealthy after 70 to 80 s, longer than a failover of Aurora, which usually takes less than 60 s: a program whose check
 * asks the database against the contract keeps its tasks. The load balancer stops sending requests long before.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
 */
const CONTAINER_CHECK = { interval: 10, timeout: 5, retries: 7, startPeriod: 30 };

/** The task definition of a service. Every change creates a revision, which the service deploys. */
export class TaskDefinition extends Construct {
  readonly arn: string;
  /** Address in the stack, for expressions. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id);
    const { container } = props;
    // Fn.jsonencode does not escape the quotation marks of a string.
    const command = new TerraformLocal(this, "command", `\${${container.command}}`);
    const healthCheckCommand = container.healthCheckCommand.map((word) => word.replaceAll("{port}", String(container.port)));
    const healthCheck = new TerraformLocal(this, "health-check-command", `\${${hclLiteral(healthCheckCommand)}}`);
    const environment = new TerraformLocal(
      this,
      "environment",
      `\${[for name, value in ${container.environment} : { name = name, value = value }]}`,
    );
    const main = {
      name: container.name,
      image: container.image,
      ...this.credentials(container),
      command: command.asList,
      essential: true,
      user: container.user,
      readonlyRootFilesystem: container.readonlyRootFilesystem,
      portMappings: [
        {
          name: "http",
          containerPort: container.port,
          hostPort: container.port,
          protocol: "tcp",
          // With it, the proxy of Service Connect would read encrypted requests as HTTP.
          ...(container.protocol === "HTTP" && { appProtocol: "http" }),
        },
      ],
      environment: environment.asList,
      secrets: Object.entries(container.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
      dockerLabels: container.labels,
      healthCheck: { command: healthCheck.asList, ...CONTAINER_CHECK },
      stopTimeout: container.stopTimeoutSeconds,
      // The init process forwards signals such as SIGTERM and reaps processes.
      linuxParameters: { initProcessEnabled: true },
      logConfiguration: logConfiguration(props, container.name),
    };
    const sidecars = props.sidecars.map((sidecar) => sidecarDefinition(this, sidecar, logConfiguration(props, sidecar.name)));
    const definition = new EcsTaskDefinition(this, "definition", {
      family: props.names.of("ecs_task_definition", props.qualifier),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(props.cpu),
      memory: String(props.memoryMib),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: props.architecture },
      executionRoleArn: props.executionRoleArn,
      taskRoleArn: props.taskRoleArn,
      containerDefinitions: Fn.jsonencode([main, ...sidecars]),
      ...(props.keepsFormerRevision && { lifecycle: { createBeforeDestroy: true } }),
    });
    this.arn = definition.arn;
    this.address = addressOf(definition);
  }

  /**
   * The credentials of the registry of an image, and null for a registry without credentials. The image can change at plan time.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html
   */
  private credentials({ image, registryCredentials }: ContainerProps): object {
    if (Object.keys(registryCredentials).length === 0) return {};
    const registry = new TerraformLocal(this, "registry", Fn.element(Fn.split("/", image), 0));
    // Within an expression, a token is the reference without quotation marks.
    const secrets = Object.entries(registryCredentials).map(([host, arn]) => `${hclLiteral(host)} = { credentialsParameter = ${arn} }`);
    const lookup = `lookup({ ${secrets.join(", ")} }, local.${registry.friendlyUniqueId}, null)`;
    const local = new TerraformLocal(this, "registry-credentials", `\${${lookup}}`);
    return { repositoryCredentials: local.asAnyMap };
  }
}

function logConfiguration({ logGroup, region }: TaskDefinitionProps, container: string): object {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroup,
      "awslogs-region": region,
      "awslogs-stream-prefix": container,
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}
