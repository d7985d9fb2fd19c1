import { describe, expect, it } from "@jest/globals";
import { EVERY_STORE, EVERYTHING, MYSQL } from "../support/config";
import { regionStack } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const mysql = regionStack(MYSQL);

describe("log groups", () => {
  it("exist before the services that would create log groups without retention", () => {
    const names = regionStack(EVERY_STORE)
      .all("aws_cloudwatch_log_group")
      .map((group) => group["name"]);
    expect(names.sort()).toEqual([
      "/aws/ecs/containerinsights/ecs-test-1/performance",
      "/aws/elasticache/cache-test-1-us-east-1/engine-log",
      "/aws/elasticache/cache-test-1-us-east-1/slow-log",
      "/aws/lambda/function-check-backups-test-1",
      "/aws/lambda/function-key-check-test-1",
      "/aws/lambda/function-service-export-test-1",
      "/aws/lambda/function-set-database-password-test-1",
      "/aws/rds/cluster/aurora-test-1-us-east-1/postgresql",
      "/aws/vendedlogs/states/runbook-backup-verification-test-1",
      "/aws/vendedlogs/states/runbook-health-check-test-1",
      "/aws/vendedlogs/states/runbook-rewind-test-1",
      "/aws/vendedlogs/states/runbook-zonal-shift-test-1",
      "/standfast/test-1/us-east-1/flow-logs",
      "/standfast/test-1/us-east-1/service",
      "aws-waf-logs-waf-test-1",
    ]);
    const database = mysql.all("aws_cloudwatch_log_group").map((group) => String(group["name"]));
    expect(database.filter((name) => name.startsWith("/aws/rds/")).map((name) => name.split("/").at(-1))).toEqual([
      "audit",
      "error",
      "slowquery",
      "proxy-test-1",
    ]);
    expect(everything.only("aws_rds_cluster")["depends_on"]).toContain("aws_cloudwatch_log_group.database_log-postgresql_group");
    expect(everything.only("aws_ecs_cluster")["depends_on"]).toContain("aws_cloudwatch_log_group.cluster_insights-log_group");
  });

  it("all have a retention", () => {
    for (const group of everything.all("aws_cloudwatch_log_group")) expect(group["retention_in_days"]).toBe(90);
  });
});
