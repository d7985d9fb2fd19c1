import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { LogGroup, type LogSettings } from "../monitoring/log-group";

export interface ClusterProps extends LogSettings {
  readonly names: Names;
  /** Encrypts the ephemeral storage of the tasks. Its policy must allow Fargate (`keyPolicyForFargate`). */
  readonly storageKeyId: string;
}

/** The ECS cluster of a region, with Fargate, Fargate Spot and Container Insights. */
export class Cluster extends Construct {
  readonly arn: string;
  /** The name as a literal, for ARNs and metrics. */
  readonly clusterName: string;
  /** Must exist before a service is created in the cluster. */
  readonly ready: EcsClusterCapacityProviders;

  constructor(scope: Construct, id: string, { names, storageKeyId, logKeyArn, logRetentionDays }: ClusterProps) {
    super(scope, id);
    this.clusterName = names.of("ecs_cluster");
    // Container Insights would create the group itself, without a retention, and it would remain after a destroy.
    const insights = new LogGroup(this, "insights-log", {
      name: `/aws/ecs/containerinsights/${this.clusterName}/performance`,
      keyArn: logKeyArn,
      retentionDays: logRetentionDays,
    });
    const cluster = new EcsCluster(this, "cluster", {
      name: this.clusterName,
      setting: [{ name: "containerInsights", value: "enhanced" }],
      configuration: { managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: storageKeyId } },
      dependsOn: [insights.resource],
    });
    const providers = new EcsClusterCapacityProviders(this, "capacity-providers", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
    });
    this.arn = cluster.arn;
    // The cluster must have the capacity providers that a service uses.
    this.ready = providers;
  }
}
