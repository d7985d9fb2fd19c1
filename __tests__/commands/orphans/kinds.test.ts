import { describe, expect, it } from "@jest/globals";
import { identify } from "../../../commands/orphans/kinds";

describe("an ARN", () => {
  it("has the import ID and the Terraform type", () => {
    expect(identify("arn:aws:kms:us-east-1:123456789012:alias/key-alerts-pr-42")).toMatchObject({
      id: "alias/key-alerts-pr-42",
      kind: { types: ["aws_kms_alias"] },
    });
    expect(identify("arn:aws:ssm:us-east-1:123456789012:parameter/standfast/pr-42/x")).toMatchObject({ id: "/standfast/pr-42/x" });
    expect(identify("arn:aws:logs:us-east-1:123456789012:log-group:/standfast/pr-42/service:*")).toMatchObject({
      id: "/standfast/pr-42/service",
    });
  });

  it.each([
    ["backup:us-east-1:123456789012:backup-plan:0123", "0123", "aws_backup_plan"],
    ["backup:us-east-1:123456789012:backup-vault:vault-pr-42", "vault-pr-42", "aws_backup_vault"],
    [
      "backup:us-east-1:123456789012:restore-testing-plan:restore_testing_pr_42-12345678-1234-1234-1234-123456789012",
      "restore_testing_pr_42",
      "aws_backup_restore_testing_plan",
    ],
    [
      "cloudformation:us-east-1:123456789012:stack/stack-zonal-autoshift-pr-42/12345678-1234-1234-1234-123456789012",
      "stack-zonal-autoshift-pr-42",
      "aws_cloudformation_stack",
    ],
    ["dynamodb:us-east-1:123456789012:table/table-sessions-pr-42", "table-sessions-pr-42", "aws_dynamodb_table"],
    [
      "elasticache:us-east-1:123456789012:replicationgroup:cache-pr-42-us-east-1",
      "cache-pr-42-us-east-1",
      "aws_elasticache_replication_group",
    ],
    ["elasticache:us-east-1:123456789012:user:cache-user-service-pr-42", "cache-user-service-pr-42", "aws_elasticache_user"],
    ["elasticache:us-east-1:123456789012:usergroup:cache-users-pr-42", "cache-users-pr-42", "aws_elasticache_user_group"],
    ["lambda:us-east-1:123456789012:function:function-service-export-pr-42", "function-service-export-pr-42", "aws_lambda_function"],
    ["events:us-east-1:123456789012:event-bus/events-pr-42", "events-pr-42", "aws_cloudwatch_event_bus"],
    ["events:us-east-1:123456789012:archive/archive-pr-42", "archive-pr-42", "aws_cloudwatch_event_archive"],
    ["events:us-east-1:123456789012:rule/rule-a-pr-42", "rule-a-pr-42", "aws_cloudwatch_event_rule"],
    ["events:us-east-1:123456789012:rule/events-pr-42/rule-b-pr-42", "events-pr-42/rule-b-pr-42", "aws_cloudwatch_event_rule"],
    ["sqs:us-east-1:123456789012:queue-alerts-pr-42", "queue-alerts-pr-42", "aws_sqs_queue"],
    ["synthetics:us-east-1:123456789012:canary:canary-pr-42-public", "canary-pr-42-public", "aws_synthetics_canary"],
    ["servicediscovery:us-east-1:123456789012:namespace/ns-1", "ns-1", "aws_service_discovery_private_dns_namespace"],
    ["servicediscovery:us-east-1:123456789012:service/srv-1", "srv-1", "aws_service_discovery_service"],
    ["elasticloadbalancing:us-east-1:123456789012:listener-rule/app/alb-pr-42/1/2/3", "alb-pr-42/1/2/3", "aws_lb_listener_rule"],
    ["states:us-east-1:123456789012:stateMachine:runbook-rewind-pr-42", "runbook-rewind-pr-42", "aws_sfn_state_machine"],
  ])("of %s is known", (arn, id, type) => {
    expect(identify(`arn:aws:${arn}`)).toMatchObject({ id, kind: { types: expect.arrayContaining([type]) as unknown } });
  });

  it("of a queue has the URL as import ID", () => {
    const arn = "arn:aws:sqs:us-east-1:123456789012:queue-alerts-pr-42";
    const { importId } = identify(arn)?.kind ?? {};
    expect(typeof importId === "function" && importId(arn)).toBe("https://sqs.us-east-1.amazonaws.com/123456789012/queue-alerts-pr-42");
  });

  it.each(["cluster", "db"])("of a %s that a rewind created is listed without a command, because it can be in use", (kind) => {
    expect(identify(`arn:aws:rds:us-east-1:123456789012:${kind}:aurora-rewind-pr-42-us-east-1-0a1b2c3d`)).toMatchObject({
      kind: { types: [], remove: expect.stringMatching(/^# .*possibly in use/) as unknown },
    });
  });

  it("of resources that AWS services create and delete themselves is never an orphan", () => {
    expect(identify("arn:aws:ecs:us-east-1:123456789012:task/ecs-pr-42/0123")).toBeUndefined();
    expect(identify("arn:aws:lambda:us-east-1:123456789012:function:cwsyn-canary-pr-42-public-1b671a64")).toBeUndefined();
    expect(identify("arn:aws:rds:us-east-1:123456789012:cluster-snapshot:rds:aurora-pr-42")).toBeUndefined();
    expect(identify("arn:aws:elasticache:us-east-1:123456789012:cluster:cache-pr-42-us-east-1-0001-001")).toBeUndefined();
  });

  it("of an unknown kind is listed, without a command", () => {
    expect(identify("arn:aws:newservice:us-east-1:123456789012:thing/pr-42")).toMatchObject({
      kind: { types: [], remove: expect.stringMatching(/^# .*by hand$/) },
    });
  });
});
