import { DataResource } from "cdktf";
import type { Construct } from "constructs";

/**
 * A resource without content that the first apply of a stack creates, and that never changes. Look-ups that depend on it are
 * deferred to the apply in the first plan only, when what they look up may not exist. A dependency on any other resource
 * defers them with each of its changes: their result is then unknown in the plan, and replaces what has it as an argument.
 * @see https://developer.hashicorp.com/terraform/language/data-sources#dependencies
 */
export function firstApply(scope: Construct): DataResource {
  return new DataResource(scope, "first-apply");
}
