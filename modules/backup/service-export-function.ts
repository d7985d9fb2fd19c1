import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { invokeByRule, type InvocationByRuleProps } from "../functions/invocation-by-rule";
import { NodeFunction, type NodeFunctionProps } from "../functions/node-function";
import type { Statement } from "../iam/policy";
import type { DeadLetterQueue } from "../monitoring/alert-props";
import type { LogSettings } from "../monitoring/log-group";
import type { Widget } from "../monitoring/metric";

export interface ServiceExportProps extends RegionScope, LogSettings, Pick<NodeFunctionProps, "keyArn" | "alerts"> {
  /** Names of the ECS cluster and of the service. */
  readonly cluster: string;
  /** Name of the ECS service. */
  readonly service: string;
  /** Versioned bucket of the exports, and the permission to add objects to it. */
  readonly bucketName: string;
  /** Statements that allow the function to add objects to the bucket. */
  readonly append: readonly Statement[];
  /** Hours between two exports, in addition to the export after each deployment. */
  readonly everyHours: number;
  /** Dead-letter queue of rules on the default event bus. */
  readonly ruleDeadLetters: DeadLetterQueue;
}

/**
 * Exports the configuration of an ECS service to a versioned object in S3, after every deployment and every few hours,
 * because AWS Backup does not support ECS.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
 */
export class ServiceExport extends Construct {
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: ServiceExportProps) {
    super(scope, id);
    const { names, region, accountId, cluster, service } = props;
    const serviceArn = `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${service}`;
    const lambda = new NodeFunction(this, "function", {
      names,
      region,
      accountId,
      purpose: "service-export",
      folder: "modules/backup/service-export",
      timeoutSeconds: 30,
      environment: { CLUSTER: cluster, SERVICE: service, BUCKET: props.bucketName },
      statements: [
        { Sid: "ReadService", Action: ["ecs:DescribeServices", "ecs:ListTagsForResource"], Resource: serviceArn },
        {
          Sid: "ReadTaskDefinition",
          Action: "ecs:DescribeTaskDefinition",
          everyResourceBecause: "DescribeTaskDefinition has no resource type",
        },
        ...props.append,
      ],
      keyArn: props.keyArn,
      logKeyArn: props.logKeyArn,
      logRetentionDays: props.logRetentionDays,
      alerts: props.alerts,
      runbook: "backup.md#service-configuration",
    });
    this.widgets = lambda.widgets;
    this.addTrigger(lambda, props, "deployed", {
      description: "A deployment of the service completed",
      eventPattern: JSON.stringify({
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        resources: [serviceArn],
        detail: { eventName: ["SERVICE_DEPLOYMENT_COMPLETED"] },
      }),
    });
    this.addTrigger(lambda, props, "scheduled", {
      description: props.everyHours === 1 ? "Every hour" : `Every ${props.everyHours} hours`,
      scheduleExpression: props.everyHours === 1 ? "rate(1 hour)" : `rate(${props.everyHours} hours)`,
    });
  }

  private addTrigger(
    lambda: NodeFunction,
    { names, ruleDeadLetters }: ServiceExportProps,
    id: string,
    { description, ...trigger }: { description: string } & InvocationByRuleProps["trigger"],
  ): void {
    invokeByRule(this, id, {
      lambda,
      name: names.of("cloudwatch_event_rule", `service-export-${id}`),
      description,
      trigger,
      targetId: "service-export",
      permissionId: `${id}-invoke-permission`,
      ruleDeadLetters,
    });
  }
}
