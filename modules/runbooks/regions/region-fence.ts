import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { FACTS_NAMESPACE, type RegionFact } from "../../../config/region-facts";
import { WRITER_TAG, WRITER_TAG_VALUE } from "../../../config/writer-tag";
import { invokeByRule } from "../../functions/invocation-by-rule";
import { NodeFunction } from "../../functions/node-function";
import type { Statement } from "../../iam/policy";
import type { AlarmProps, DeadLetterQueue } from "../../monitoring/alert-props";
import { publishMetrics } from "../../monitoring/publish-metrics";
import {
  globalClusterArn,
  holdPermissions,
  listTakeoversPermissions,
  ownRegion,
  parameterArn,
  readMetricsPermissions,
  REGION_FUNCTIONS,
  type RegionFunctionProps,
  regionVariables,
} from "./region-function";

export interface RegionFenceProps extends RegionFunctionProps {
  /** Suffix of the environment, as a dimension of the facts that it publishes. */
  readonly environmentSuffix: string;
  /** Name of the service, and of this region's endpoint. */
  readonly serviceDomain: string;
  /** DNS name of the endpoint of this region. */
  readonly regionDomain: string;
  /** Number of database instances. A cluster without an instance reports no lag. */
  readonly databaseInstances: number;
  /** Dead-letter queue of rules on the default event bus. */
  readonly ruleDeadLetters: DeadLetterQueue;
}

/**
 * The function that fences its own region: every minute, a region whose cluster is not the writer of the global database
 * freezes its own writes and releases its DNS hold. It reports the facts as metrics, with alarms. AWS stops writes in a
 * former primary region with best effort only.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
 */
export class RegionFence extends Construct {
  /** In ALARM while a secondary gets no data from the primary region. */
  readonly replicationSilent: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: RegionFenceProps) {
    super(scope, id);
    const lambda = new NodeFunction(this, "function", {
      ...props,
      ...REGION_FUNCTIONS,
      purpose: "region-fence",
      handler: "index.fence",
      timeoutSeconds: 45,
      environment: {
        ...regionVariables(props, [ownRegion(props)]),
        ENVIRONMENT_SUFFIX: props.environmentSuffix,
        SERVICE_DOMAIN: props.serviceDomain,
        REGION_DOMAIN: props.regionDomain,
        OWN_INSTANCES: String(props.databaseInstances),
        METRIC_NAMESPACE: FACTS_NAMESPACE,
        WRITER_TAG,
        WRITER_TAG_VALUE,
      },
      statements: fencePermissions(props),
      runbook: "region.md#fence",
    });
    this.schedule(props, lambda);
    this.replicationSilent = this.createAlarms(props);
  }

  private schedule({ names, ruleDeadLetters }: RegionFenceProps, lambda: NodeFunction): void {
    invokeByRule(this, "schedule", {
      lambda,
      name: names.of("cloudwatch_event_rule", "region-fence"),
      description: "Fences the region every minute while it is not the primary",
      trigger: { scheduleExpression: "rate(1 minute)" },
      targetId: "region-fence",
      permissionId: "invoke-permission",
      ruleDeadLetters,
    });
  }

  /** Creates the alarms on the facts. @returns the one on the replication */
  private createAlarms({ alerts, environmentSuffix }: RegionFenceProps): CloudwatchMetricAlarm {
    const alarm = (id: string, metric: RegionFact, props: Pick<AlarmProps, "means" | "missingData" | "runbook">) =>
      alerts.alarm(this, id, {
        ...props,
        severity: "critical",
        metric: {
          namespace: FACTS_NAMESPACE,
          name: metric,
          dimensions: { EnvironmentSuffix: environmentSuffix },
          statistic: "Minimum",
          label: metric,
        },
        when: { above: 0 },
      });
    const clients = alarm("clients-without-writer", "ClientsWithoutWriter", {
      means:
        "DNS routes clients to this region, but its database is not the writer or its writes are frozen; or the fence of this region does not report.",
      missingData: "breaching",
      runbook: "region.md#clients-without-writer",
    });
    const writer = alarm("writer-silent", "WriterSilent", {
      means: "This region is the primary, and its writer has reported no metric for three minutes.",
      missingData: "notBreaching",
      runbook: "database.md#writer-down",
    });
    const replication = alarm("replication-silent", "ReplicationSilent", {
      means:
        "This region is a standby, and has reported no replication lag for three minutes: the primary region or the connection to it has failed.",
      missingData: "notBreaching",
      runbook: "region.md#region-down",
    });
    alerts.composites.addComponent(this, "region", [clients, writer, replication], {
      runbook: "region.md#region-down",
      clients: "writes may fail in this region",
      within: "region",
    });
    return replication;
  }
}

function fencePermissions(props: RegionFenceProps): Statement[] {
  const { accountId, region, globalCluster, regions } = props;
  const own = ownRegion(props);
  return [
    {
      Sid: "DescribeGlobalDatabase",
      Action: "rds:DescribeGlobalClusters",
      Resource: [globalClusterArn(accountId, globalCluster), ...regions.map(({ clusterArn }) => clusterArn)],
    },
    {
      Sid: "MarkOwnCluster",
      Action: ["rds:DescribeDBClusters", "rds:AddTagsToResource", "rds:RemoveTagsFromResource"],
      Resource: own.clusterArn,
    },
    {
      Sid: "FreezeOwnWrites",
      Action: ["ssm:GetParameter", "ssm:PutParameter"],
      Resource: parameterArn(accountId, region, own.writesParameter),
    },
    ...holdPermissions(accountId, [own]),
    ...listTakeoversPermissions([own]),
    ...readMetricsPermissions(),
    publishMetrics("PublishFacts", FACTS_NAMESPACE),
  ];
}
