import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { permissionsOf, statements } from "../support/policies";
import { oneRegion, regionStack } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const plain = oneRegion();

describe("the validation of payments", () => {
  const lambda = everything.resource("aws_lambda_function.validation_function_function");

  it("runs outside the VPC with the reserved concurrency, and publishes each release", () => {
    expect(lambda).toMatchObject({ publish: true, reserved_concurrent_executions: 20, timeout: 5, tracing_config: { mode: "Active" } });
    expect(lambda).not.toHaveProperty("vpc_config");
  });

  it("runs in the tasks' subnets if configured, and its own code cannot change network interfaces", () => {
    const inside = oneRegion({ validation: { enabled: true, in_vpc: true } });
    // Lambda takes its interfaces out of the group as the function's role: that must outlive the group.
    expect(inside.resource("aws_security_group.validation-security-group_group")["depends_on"]).toContain(
      "aws_iam_role_policy.validation_function_role_permissions",
    );
    const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
    expect(inside.resource("aws_lambda_function.validation_function_function")["vpc_config"]).toEqual({
      subnet_ids: zones.map((zone) => `\${aws_subnet.network_application_${zone}.id}`),
      security_group_ids: ["${aws_security_group.validation-security-group_group.id}"],
    });
    const denied = statements(inside).find(({ Sid }) => Sid === "DenyFunctionCode");
    expect(denied).toMatchObject({
      Effect: "Deny",
      Condition: {
        ArnEquals: { "lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:function-validate-payment-test-1" },
      },
    });
    // AWS takes its interfaces away up to 45 minutes later.
    expect(inside.resource("aws_security_group.validation-security-group_group")["timeouts"]).toEqual({ delete: "60m" });
    expect(statements(everything).filter(({ Sid }) => Sid === "DenyFunctionCode")).toEqual([]);
  });

  it("may store requests, respond to events and send failed ones to the dead-letter queue, and nothing else", () => {
    const own = permissionsOf(everything, "validation_function_role").filter((allowed) => !/^(logs|xray|kms):/.test(allowed));
    expect(own.sort()).toEqual([
      "dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/table-payment-requests-test-1",
      "events:PutEvents on arn:aws:events:us-east-1:123456789012:event-bus/events-test-1",
      "sqs:SendMessage on ${aws_sqs_queue.validation_dead-letters_queue.arn}",
    ]);
    const put = statements(everything).find(({ address, Sid }) => address.includes("validation_function_role") && Sid === "PutEvents");
    expect(put?.Condition).toEqual({
      "ForAllValues:StringEquals": { "events:source": "standfast.validation" },
      Null: { "events:source": "false" },
    });
  });

  it("is invoked through an alias of the newest version, unless a release configures another", () => {
    const alias = everything.only("aws_lambda_alias");
    expect(alias["function_version"]).toBe(
      '${var.validation_release.version == "" ? aws_lambda_function.validation_function_function.version : var.validation_release.version}',
    );
    expect(alias["dynamic"]).toEqual({
      routing_config: {
        for_each:
          '${var.validation_release.version != "" && var.validation_release.newest_percent > 0 ? [var.validation_release.newest_percent] : []}',
        content: {
          additional_version_weights: "${{ (aws_lambda_function.validation_function_function.version) = routing_config.value / 100 }}",
        },
      },
    });
    const permissions = everything
      .all("aws_lambda_permission")
      .filter(({ address }) => /function-validation|event-bus-invoke/.test(address));
    expect(permissions).toHaveLength(2);
    for (const permission of permissions)
      expect(permission).toMatchObject({
        qualifier: "${aws_lambda_alias.validation_function_live.name}",
        source_arn: expect.stringMatching(/^arn:|^\$\{aws_lb_target_group/) as unknown,
      });
  });

  it("receives only POST requests to its path, if it has one", () => {
    expect(everything.resource("aws_lb_listener_rule.load-balancer_to-validation")["condition"]).toEqual([
      { path_pattern: { values: ["/validations"] } },
      { http_request_method: { values: ["POST"] } },
    ]);
    expect(oneRegion({ validation: { enabled: true } }).all("aws_lb_listener_rule")).toEqual([]);
  });

  it("may be invoked by services with access to it, and does not exist if it is not enabled", () => {
    expect(permissionsOf(everything, "service_task-role")).toContain(
      "lambda:InvokeFunction on ${aws_lambda_alias.validation_function_live.arn}",
    );
    expect(permissionsOf(everything, "service-ledger_task-role").filter((allowed) => allowed.startsWith("lambda:"))).toEqual([]);
    expect(plain.all("aws_lambda_alias")).toEqual([]);
  });
});
