import type { Names } from "../config/naming";
import { canaryFunctionPrefix } from "../modules/canary/canary";

/** Names of the log groups of a region: of the platform, and of AWS services that name them after a resource. */
export function logGroupPatterns(names: Names): string[] {
  return [
    names.path("*"),
    `/aws/rds/cluster/${names.of("rds_cluster")}/*`,
    `/aws/rds/proxy/${names.of("db_proxy")}`,
    `/aws/ecs/containerinsights/${names.of("ecs_cluster")}/*`,
    `/aws/elasticache/${names.of("elasticache_replication_group")}/*`,
    `/aws/lambda/${names.of("lambda_function", "*")}`,
    `/aws/lambda/${canaryFunctionPrefix(`${names.of("synthetics_canary")}-`)}*`,
    `/aws/vendedlogs/states/${names.of("sfn_state_machine", "*")}`,
    `aws-waf-logs-${names.of("wafv2_web_acl")}`,
  ];
}
