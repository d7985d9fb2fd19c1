import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { Construct } from "constructs";
import type { Statement } from "../iam/policy";
import type { Names } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup, type LogSettings } from "../monitoring/log-group";
import { Exec } from "./exec";

export interface ClusterProps extends LogSettings {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Encrypts the ephemeral storage of the tasks. Its policy must allow Fargate (`keyPolicyForFargate`). */
  readonly storageKeyId: string;
  /** Key of the sessions of ECS Exec, and the alerts that report them. @default - no ECS Exec */
  readonly exec?: { readonly sessionKeyArn: string; readonly alerts: Alerts } | undefined;
}

/** The ECS cluster of a region, with Fargate, Fargate Spot and Container Insights. */
export class Cluster extends Construct {
  readonly arn: string;
  /** The name as a literal, for ARNs and metrics. */
  readonly clusterName: string;
  /** Must exist before a service is created in the cluster. */
  readonly ready: EcsClusterCapacityProviders;
  /** Permissions of the role of a task in whose containers a session can be opened. */
  readonly execPermissions: readonly Statement[];

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const { names, storageKeyId, logKeyArn, logRetentionDays } = props;
    this.clusterName = names.of("ecs_cluster");
    // Container Insights would create the group itself, without a retention, and it would remain after a destroy.
    const insights = new LogGroup(this, "insights-log", {
      name: `/aws/ecs/containerinsights/${this.clusterName}/performance`,
      keyArn: logKeyArn,
      retentionDays: logRetentionDays,
    });
    const exec = props.exec && new Exec(this, { ...props, sessionKeyArn: props.exec.sessionKeyArn });
    const cluster = new EcsCluster(this, "cluster", {
      name: this.clusterName,
      setting: [{ name: "containerInsights", value: "enhanced" }],
      configuration: {
        ...(exec && {
          executeCommandConfiguration: {
            kmsKeyId: exec.keyArn,
            logging: "OVERRIDE",
            logConfiguration: { cloudWatchLogGroupName: exec.logGroupName, cloudWatchEncryptionEnabled: true },
          },
        }),
        managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: storageKeyId },
      },
      dependsOn: [insights.resource],
    });
    const providers = new EcsClusterCapacityProviders(this, "capacity-providers", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
    });
    this.arn = cluster.arn;
    this.execPermissions = exec?.permissions() ?? [];
    if (props.exec) exec?.report(this, props.exec.alerts, { name: this.clusterName, arn: this.arn });
    // The cluster must have the capacity providers that a service uses.
    this.ready = providers;
  }
}
