import { type IAspect, TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * Types of resources that store data, or without which stored data cannot be read. The types are complete: access logs and
 * results of canaries are evidence after an incident, and every key makes something unreadable. A protected resource changes as
 * before, except that Terraform does not replace it.
 */
const DATA_TYPES: ReadonlySet<string> = new Set([
  "aws_backup_vault",
  "aws_dynamodb_table",
  "aws_dynamodb_table_replica",
  "aws_elasticache_replication_group",
  "aws_kms_key",
  "aws_rds_cluster",
  "aws_rds_cluster_instance",
  "aws_rds_global_cluster",
  "aws_s3_bucket",
]);

/**
 * Adds `prevent_destroy` to all resources of these types in a scope: a plan that would destroy or replace one of them fails. A
 * resource that is no longer configured has no lifecycle, so that fewer readers or a removed region remain possible.
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export class PreventDestroy implements IAspect {
  visit(node: IConstruct): void {
    if (TerraformResource.isTerraformResource(node) && DATA_TYPES.has(node.terraformResourceType))
      node.lifecycle = { ...node.lifecycle, preventDestroy: true };
  }
}
