/** Settings of a DB instance, without its name, cluster and zone. */
export interface InstanceTemplate {
  readonly engine: string;
  readonly instanceClass: string;
  readonly instanceParameterGroup: string;
  readonly keyArn: string;
  readonly performanceInsightsRetentionDays: number;
  readonly monitoringIntervalSeconds: number;
  readonly monitoringRoleArn: string;
}

/** The parameters of `createDBInstance`, without name, cluster and zone. The same as Terraform's. */
export function instanceParameters(template: InstanceTemplate, tags: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return {
    Engine: template.engine,
    DbInstanceClass: template.instanceClass,
    DbParameterGroupName: template.instanceParameterGroup,
    PubliclyAccessible: false,
    AutoMinorVersionUpgrade: false,
    CopyTagsToSnapshot: true,
    EnablePerformanceInsights: true,
    PerformanceInsightsKMSKeyId: template.keyArn,
    PerformanceInsightsRetentionPeriod: template.performanceInsightsRetentionDays,
    MonitoringInterval: template.monitoringIntervalSeconds,
    MonitoringRoleArn: template.monitoringRoleArn,
    Tags: tagList(tags),
  };
}

/** Tags in the form of the API. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
