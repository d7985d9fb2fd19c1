import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { Construct } from "constructs";
import type { DeadLetterQueue } from "../monitoring/alert-props";
import type { NodeFunction } from "./node-function";

export interface InvocationByRuleProps {
  /** The function. */
  readonly lambda: NodeFunction;
  /** Name of the rule. */
  readonly name: string;
  /** Description of the rule in the console. */
  readonly description: string;
  /** Events or schedule that invoke the function. */
  readonly trigger: { readonly eventPattern: string } | { readonly scheduleExpression: string };
  /** ID of the target in the rule. */
  readonly targetId: string;
  /** Id of the permission in the scope, which is in its address. */
  readonly permissionId: string;
  /** Receives the invocations that EventBridge cannot make. */
  readonly ruleDeadLetters: DeadLetterQueue;
}

/**
 * A rule on the default bus that invokes a function.
 * @param id id of the rule in the scope, which is in its address; also the statement id of the permission
 */
export function invokeByRule(scope: Construct, id: string, props: InvocationByRuleProps): void {
  const { lambda, name, description, trigger, targetId, permissionId, ruleDeadLetters } = props;
  const rule = new CloudwatchEventRule(scope, id, { name, description, ...trigger });
  new CloudwatchEventTarget(scope, `${id}-to-function`, {
    rule: rule.name,
    targetId,
    arn: lambda.arn,
    deadLetterConfig: { arn: ruleDeadLetters.arn },
    dependsOn: [ruleDeadLetters.ready],
  });
  new LambdaPermission(scope, permissionId, {
    statementId: id,
    action: "lambda:InvokeFunction",
    functionName: lambda.functionName,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
}
