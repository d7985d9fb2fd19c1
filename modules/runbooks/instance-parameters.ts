/** How an instance is made, beside its name and its place. */
export interface InstanceBlueprint {
  readonly engine: string;
  readonly instanceClass: string;
  readonly instanceParameterGroup: string;
  readonly keyArn: string;
  readonly performanceInsightsRetentionDays: number;
  readonly monitoringIntervalSeconds: number;
  readonly monitoringRoleArn: string;
}

/** The parameters of `createDBInstance`, without name, cluster and place. The same as Terraform gives. */
export function newInstance(blueprint: InstanceBlueprint, tags: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return {
    Engine: blueprint.engine,
    DbInstanceClass: blueprint.instanceClass,
    DbParameterGroupName: blueprint.instanceParameterGroup,
    PubliclyAccessible: false,
    AutoMinorVersionUpgrade: false,
    CopyTagsToSnapshot: true,
    EnablePerformanceInsights: true,
    PerformanceInsightsKMSKeyId: blueprint.keyArn,
    PerformanceInsightsRetentionPeriod: blueprint.performanceInsightsRetentionDays,
    MonitoringInterval: blueprint.monitoringIntervalSeconds,
    MonitoringRoleArn: blueprint.monitoringRoleArn,
    Tags: tagList(tags),
  };
}

/** Tags as the API takes them. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
