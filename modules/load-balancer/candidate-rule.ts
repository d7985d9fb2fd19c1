import type { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { CANDIDATE, CANDIDATE_PRIORITY } from "../../config/candidate";
import type { Names } from "../../config/naming";
import type { TargetGroup } from "./target-group";

export interface CandidateRuleProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Listener of the rule. */
  readonly listener: LbListener;
  /** Target group of the primary service, which gets the rest of the requests. */
  readonly primary: TargetGroup;
  /** Target group of the candidate. */
  readonly candidate: TargetGroup;
  /** HCL expression of the percentage that the candidate receives. */
  readonly percent: string;
  /** The candidate's service. Its tasks run before they receive requests, and stop after it. */
  readonly stable: TerraformResource;
}

/**
 * The rule that routes a share of the requests to the candidate. Without a share there is no rule: Terraform deletes it before it
 * stops the tasks of the candidate.
 */
export function createCandidateRule(scope: Construct, { names, listener, primary, candidate, percent, stable }: CandidateRuleProps): void {
  const rule = new LbListenerRule(scope, "to-candidate", {
    listenerArn: listener.arn,
    priority: CANDIDATE_PRIORITY,
    condition: [{ pathPattern: { values: ["/*"] } }],
    action: [{ type: "forward", forward: { targetGroup: [{ arn: primary.arn }, { arn: candidate.arn }] } }],
    tags: { Name: names.of("lb_listener", CANDIDATE) },
    dependsOn: [stable],
  });
  rule.addOverride("count", `\${${percent} > 0 ? 1 : 0}`);
  rule.addOverride("action.0.forward.target_group.0.weight", `\${100 - ${percent}}`);
  rule.addOverride("action.0.forward.target_group.1.weight", `\${${percent}}`);
}
