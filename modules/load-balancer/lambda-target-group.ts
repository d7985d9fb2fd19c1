import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface LambdaTargetGroupProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Distinguishes it from other target groups, as part of its name. */
  readonly name: string;
  /** Name of the function, and the alias that is invoked. */
  readonly functionName: string;
  /** Alias of the function that the load balancer invokes. */
  readonly alias: { readonly name: string; readonly arn: string };
}

/**
 * A Lambda function as a target of the load balancer. Requests and responses are limited to 1 MB.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export class LambdaTargetGroup extends Construct {
  readonly groupArn: string;
  /** Exists once requests can be routed to the function. */
  readonly ready: LbTargetGroupAttachment;

  constructor(scope: Construct, id: string, { names, name, functionName, alias }: LambdaTargetGroupProps) {
    super(scope, id);
    const group = new LbTargetGroup(this, "group", { name: names.of("lb_target_group", name), targetType: "lambda" });
    const permission = new LambdaPermission(this, "invoke-permission", {
      statementId: "load-balancer",
      action: "lambda:InvokeFunction",
      functionName,
      qualifier: alias.name,
      principal: "elasticloadbalancing.amazonaws.com",
      sourceArn: group.arn,
    });
    this.groupArn = group.arn;
    // ELB rejects the registration of a function that it may not invoke.
    this.ready = new LbTargetGroupAttachment(this, "function", { targetGroupArn: group.arn, targetId: alias.arn, dependsOn: [permission] });
  }
}
