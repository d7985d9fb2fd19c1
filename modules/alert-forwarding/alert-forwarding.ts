import { posix } from "node:path";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { NodeFunction, type NodeFunctionProps } from "../functions/node-function";
import { viaService } from "../encryption/key";
import type { LogSettings } from "../monitoring/log-group";
import type { Widget } from "../monitoring/metric";
import { DeadLetters } from "../queues/dead-letters";

export interface AlertForwardingProps extends RegionScope, LogSettings, Pick<NodeFunctionProps, "keyArn" | "alerts"> {
  /** Encrypts the dead-letter queue. */
  readonly queueKeyArn: string;
  /** ARN of the topic whose messages go to endpoints of the kind `heartbeat`, and to no other. */
  readonly heartbeatTopicArn: string;
  /** ARN of the topic of the alerts on health checks, whose stack subscribes the function. @default - the function receives the alerts of its region */
  readonly failoverTopicArn?: string | undefined;
  /** Recovery window of a deleted secret in days, 0 or 7–30. */
  readonly recoveryDays: number;
}

const PURPOSE = "forward-alert";

/** The ARN of the function in a region. */
export function alertForwardingArn({ names, region, accountId }: RegionScope): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${names.of("lambda_function", PURPOSE)}`;
}

/**
 * Forwards alerts to Slack, PagerDuty and other HTTPS endpoints. SNS alone cannot do that: such endpoints neither confirm a
 * subscription nor accept the JSON of SNS. Their URLs are secrets. Operators write them into a secret that is created without
 * a value, so that they are in no configuration and in no state.
 */
export class AlertForwarding extends Construct {
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: AlertForwardingProps) {
    super(scope, id);
    const { names, region, accountId, keyArn, alerts } = props;
    const secret = new SecretsmanagerSecret(this, "endpoints", {
      name: names.of("secretsmanager_secret", "alert-endpoints"),
      description: "Endpoints to which alerts are forwarded: a JSON list, see the runbook alerts.md",
      kmsKeyId: keyArn,
      recoveryWindowInDays: props.recoveryDays,
    });
    const deadLetters = new DeadLetters(this, "dead-letters", {
      names,
      region,
      accountId,
      purpose: "alert-dead-letters",
      keyArn: props.queueKeyArn,
      alerts,
      clients: "no effect",
      runbook: "alerts.md#forwarding",
    });
    const lambda = new NodeFunction(this, "function", {
      ...props,
      purpose: PURPOSE,
      folder: "modules/alert-forwarding/forward-alert",
      timeoutSeconds: 20,
      environment: { ENDPOINTS_SECRET: secret.arn, SOURCE: posix.dirname(names.path()), HEARTBEAT_TOPIC: props.heartbeatTopicArn },
      statements: [
        { Sid: "ReadEndpoints", Action: "secretsmanager:GetSecretValue", Resource: secret.arn },
        { Sid: "DecryptEndpoints", Action: "kms:Decrypt", Resource: keyArn, Condition: viaService("secretsmanager", region) },
      ],
      deadLetters,
      runbook: "alerts.md#forwarding",
    });
    this.widgets = [...lambda.widgets, deadLetters.widget];
    this.subscribe(lambda, "", "alerts", alerts.topicArn);
    this.subscribe(lambda, "heartbeat-", "heartbeat", props.heartbeatTopicArn);
    if (props.failoverTopicArn !== undefined) this.permit(lambda, "failover-", "failover", props.failoverTopicArn);
  }

  /** @param prefix start of the ids of its resources, which are in their addresses */
  private permit(lambda: NodeFunction, prefix: string, statementId: string, topicArn: string): LambdaPermission {
    return new LambdaPermission(this, `${prefix}invoke-permission`, {
      statementId,
      action: "lambda:InvokeFunction",
      functionName: lambda.functionName,
      principal: "sns.amazonaws.com",
      sourceArn: topicArn,
    });
  }

  private subscribe(lambda: NodeFunction, prefix: string, statementId: string, topicArn: string): void {
    const permission = this.permit(lambda, prefix, statementId, topicArn);
    new SnsTopicSubscription(this, `${prefix}subscription`, {
      topicArn,
      protocol: "lambda",
      endpoint: lambda.arn,
      dependsOn: [permission],
    });
  }
}
