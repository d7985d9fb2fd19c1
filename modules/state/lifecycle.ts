/**
 * Lifecycle of a resource that others use, and whose replacement has another name. The replacement is created first. A resource
 * that is no longer configured is deleted after the update of those that used it: without this, Terraform deletes it before.
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
export const DELETED_LAST = { createBeforeDestroy: true };
