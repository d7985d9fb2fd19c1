import type { TerraformResource } from "cdktf";
import { addressOf } from "./address";

/**
 * Moves a resource that an earlier revision created with another id in the same scope. Without it, Terraform would create the
 * resource again while the former one, with the same name, still exists.
 * @see https://developer.hashicorp.com/terraform/language/moved
 */
export function moveFromFormerId(resource: TerraformResource, formerId: string): void {
  const scope = addressOf(resource).slice(0, -resource.node.id.length);
  resource.moveFromId(`${scope}${formerId}`);
}
