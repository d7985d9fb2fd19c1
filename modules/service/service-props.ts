import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { ITerraformDependable } from "cdktf";
import type { TaskRange } from "../../config/capacity";
import type { RegionScope } from "../../config/naming";
import type { Statement } from "../iam/policy";
import type { Alerts } from "../monitoring/alerts";
import type { LogSettings } from "../monitoring/log-group";
import type { Cluster } from "./cluster";
import type { Discoverable } from "./discovery";
import type { LogMetricsProps } from "./log-metrics";
import type { Registries } from "./permissions";
import type { ScalingTargets } from "./scaling";
import type { Sidecar } from "./sidecar";
import type { ContainerProps } from "./task-definition";

export interface ServiceProps extends RegionScope, LogSettings {
  /** Distinguishes its names from those of other services: `ledger`. Empty for the primary service. Changing it replaces the service. */
  readonly qualifier: string;
  /** ECS cluster of the service. Changing it replaces the service. */
  readonly cluster: Cluster;
  /** ID of the VPC of the security group. */
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
  /** Memory of a task in MiB, in a combination with `cpu` that Fargate supports. A change starts a rolling deployment. */
  readonly memoryMib: number;
  /** Processor architecture of the images. A change starts a rolling deployment. */
  readonly architecture: "X86_64" | "ARM64";
  /** The container of the program. */
  readonly container: ContainerProps;
  /** Further containers of each task. */
  readonly sidecars: readonly Sidecar[];
  /** Private registries from which the tasks may pull. */
  readonly registries: Registries;
  /** Metrics of its log, and their namespace. */
  readonly logMetrics: LogMetricsProps["logMetrics"];
  /** Namespace of those metrics. */
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
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}
