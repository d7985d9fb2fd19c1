import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { ServiceRole } from "../iam/service-role";
import { LogGroup } from "../monitoring/log-group";
import type { Metric } from "../monitoring/metric";

export interface FlowLogsProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the AWS account, as in ARNs and in the conditions of policies. */
  readonly accountId: string;
  /** ID of the VPC. Changing it replaces the flow log. */
  readonly vpcId: string;
  /** ARN of the KMS key of the log group. */
  readonly keyArn: string;
  /** Days after which the flow logs are deleted. AWS charges for their storage. */
  readonly retentionDays: number;
}

/** Flow logs of the VPC, for accepted and rejected traffic. Encrypted, and written by a role without other permissions. */
export class FlowLogs extends Construct {
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html */
  readonly events: Metric;

  constructor(scope: Construct, id: string, { names, accountId, vpcId, keyArn, retentionDays }: FlowLogsProps) {
    super(scope, id);
    const LogGroupName = names.path("flow-logs");
    const group = new LogGroup(this, "log", { name: LogGroupName, keyArn, retentionDays });
    this.events = {
      namespace: "AWS/Logs",
      name: "IncomingLogEvents",
      dimensions: { LogGroupName },
      statistic: "Sum",
      label: "flow log records",
    };
    const role = new ServiceRole(this, "role", {
      names,
      accountId,
      purpose: "flow-logs",
      service: "vpc-flow-logs.amazonaws.com",
      statements: [
        {
          Sid: "WriteFlowLogs",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: `${group.arn}:*`,
        },
      ],
    });
    new FlowLog(this, "flow-log", {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { Name: names.of("flow_log") },
      dependsOn: [...role.ready],
    });
  }
}
