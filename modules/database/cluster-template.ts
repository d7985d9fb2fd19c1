import type { AuroraProps } from "./aurora-props";
import type { Engine } from "./engine";
import type { Placement } from "./placement";

/**
 * Settings of a second cluster with the same configuration, which a runbook restores in addition to this one. Names, ARNs
 * and settings as the RDS API expects them.
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
