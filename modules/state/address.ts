import type { TerraformResource } from "cdktf";

/** The address of a resource in its stack: `aws_lb.load-balancer_alb`. */
export function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
