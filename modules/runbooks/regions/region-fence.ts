import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { WRITER_TAG, WRITER_TAG_VALUE } from "../../../config/writer-tag";
import { NodeFunction } from "../../functions/node-function";
import type { Statement } from "../../iam/policy";
import type { AlarmProps } from "../../monitoring/alert-props";
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
  readonly environmentSuffix: string;
  /** Name of the service, and of this region's endpoint. */
  readonly serviceDomain: string;
  readonly regionDomain: string;
  /** Number of database instances. A cluster without an instance reports no lag. */
  readonly databaseInstances: number;
}

const METRIC_NAMESPACE = "Standfast";

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
        METRIC_NAMESPACE,
        WRITER_TAG,
        WRITER_TAG_VALUE,
      },
      statements: fencePermissions(props),
      runbook: "region.md#fence",
    });
    this.schedule(props, lambda);
    this.replicationSilent = this.createAlarms(props);
  }

  private schedule({ names }: RegionFenceProps, lambda: NodeFunction): void {
    const rule = new CloudwatchEventRule(this, "schedule", {
      name: names.of("cloudwatch_event_rule", "region-fence"),
      description: "Fences the region every minute while it is not the primary",
      scheduleExpression: "rate(1 minute)",
    });
    new CloudwatchEventTarget(this, "schedule-to-function", { rule: rule.name, targetId: "region-fence", arn: lambda.arn });
    new LambdaPermission(this, "invoke-permission", {
      statementId: "schedule",
      action: "lambda:InvokeFunction",
      functionName: lambda.functionName,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
  }

  /** Creates the alarms on the facts. @returns the one on the replication */
  private createAlarms({ alerts, environmentSuffix }: RegionFenceProps): CloudwatchMetricAlarm {
    const alarm = (id: string, metric: string, props: Pick<AlarmProps, "means" | "missingData" | "runbook">) =>
      alerts.alarm(this, id, {
        ...props,
        severity: "critical",
        metric: {
          namespace: METRIC_NAMESPACE,
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
    alerts.composites.addComponent(this, "region", [clients, writer, replication], "region.md#region-down");
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
    {
      Sid: "PublishFacts",
      Action: "cloudwatch:PutMetricData",
      everyResourceBecause: "PutMetricData has no resource type",
      Condition: { StringEquals: { "cloudwatch:namespace": METRIC_NAMESPACE } },
    },
  ];
}
