import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { LogGroup, type LogSettings } from "../monitoring/log-group";

export interface ClusterProps extends LogSettings {
  readonly names: Names;
  /** Encrypts the tasks' ephemeral storage; its policy must let Fargate in (`keyPolicyForFargate`). */
  readonly storageKeyId: string;
}

/** The ECS cluster of a region: on Fargate and Fargate Spot, measured by Container Insights. */
export class Cluster extends Construct {
  readonly arn: string;
  /** Its name as a literal, for ARNs and metrics. */
  readonly clusterName: string;
  /** What must exist before a service can be made in it. */
  readonly ready: EcsClusterCapacityProviders;

  constructor(scope: Construct, id: string, { names, storageKeyId, logKeyArn, logRetentionDays }: ClusterProps) {
    super(scope, id);
    this.clusterName = names.of("ecs_cluster");
    // Container Insights would make the group itself, keep everything for ever, and leave it behind.
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
    const providers = new EcsClusterCapacityProviders(this, "capacity", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
    });
    this.arn = cluster.arn;
    // A service that names a capacity provider needs the cluster to have it.
    this.ready = providers;
  }
}
