import type { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import type { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { TargetGroup } from "./target-group";

export interface ListenersProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** The load balancer. */
  readonly balancer: Lb;
  /** TLS versions and ciphers of the HTTPS listener. Updated in place. */
  readonly sslPolicy: string;
  /** ARN of the certificate of the HTTPS listener. */
  readonly certificateArn: string;
  /** Receives the requests that no rule routes. */
  readonly targets: TargetGroup;
  /** Target group of a candidate, to which a rule routes requests. @default - none */
  readonly candidate: TargetGroup | undefined;
}

/** The listener of HTTP, which redirects, and that of HTTPS, which is returned. */
export function createListeners(
  scope: Construct,
  { names, balancer, sslPolicy, certificateArn, targets, candidate }: ListenersProps,
): LbListener {
  new LbListener(scope, "http", {
    loadBalancerArn: balancer.arn,
    port: 80,
    protocol: "HTTP",
    defaultAction: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    tags: { Name: names.of("lb_listener", "http") },
  });
  return new LbListener(scope, "https", {
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: "HTTPS",
    sslPolicy,
    certificateArn,
    defaultAction: [
      candidate
        ? // ECS accepts only a target group to which a load balancer refers.
          {
            type: "forward",
            forward: {
              targetGroup: [
                { arn: targets.arn, weight: 100 },
                { arn: candidate.arn, weight: 0 },
              ],
            },
          }
        : { type: "forward", targetGroupArn: targets.arn },
    ],
    tags: { Name: names.of("lb_listener", "https") },
  });
}
