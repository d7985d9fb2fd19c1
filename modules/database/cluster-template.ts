import type { AuroraProps } from "./aurora-props";
import type { Engine } from "./engine";
import type { Placement } from "./placement";

/**
 * What a second cluster of the same make would need: how a runbook restores beside this one. Names, ARNs and settings as
 * RDS takes them.
 */
export interface ClusterTemplate {
  readonly clusterIdentifier: string;
  readonly engine: Engine["kind"];
  readonly port: number;
  readonly keyArn: string;
  readonly subnetGroup: string;
  readonly securityGroupId: string;
  readonly clusterParameterGroup: string;
  readonly instanceParameterGroup: string;
  readonly instanceClass: string;
  readonly serverless: AuroraProps["serverless"];
  readonly monitoringRoleArn: string;
  readonly monitoringIntervalSeconds: number;
  readonly performanceInsightsRetentionDays: number;
  readonly deletionProtection: boolean;
  readonly instances: readonly Placement[];
}
