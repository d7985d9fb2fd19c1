import { describe, expect, it } from "@jest/globals";
import { readExpression } from "../../prove/graph/expression";
import { Graph } from "../../prove/graph/graph";
import { allows, matches, statementsOf } from "../../prove/iam/policy";

describe("an expression", () => {
  it("is read as the value that JSON would have", () => {
    expect(readExpression('jsonencode([{"name" = "api", ports = [80, 443], "open" = true, none = null}])')).toEqual([
      { name: "api", ports: [80, 443], open: true, none: null },
    ]);
    expect(readExpression('{ arn = aws_sns_topic.alerts.arn, text = "a \\"quoted\\" ${var.name} text" }')).toEqual({
      arn: "${aws_sns_topic.alerts.arn}",
      text: 'a "quoted" ${var.name} text',
    });
  });

  it("stays text where Terraform has to evaluate it, and what is around it is read", () => {
    expect(readExpression('[{ image = replace(var.image, "/,/", "}"), cpu = 2 }, var.a ? 1 : 2]')).toEqual([
      { image: '${replace(var.image, "/,/", "}")}', cpu: 2 },
      "${var.a ? 1 : 2}",
    ]);
    expect(readExpression("[for name in var.names : name]")).toBe("${[for name in var.names : name]}");
    expect(readExpression('"not closed')).toBe('${"not closed}');
  });
});

describe("a graph", () => {
  const graph = new Graph("here", {
    provider: { aws: [{ region: "${var.region}", allowed_account_ids: ["123456789012"] }] },
    variable: { region: { default: "eu-west-1" }, suffix: { default: "a" } },
    locals: { name: "alerts-${var.suffix}", command: '${["CMD", "true"]}' },
    data: {
      aws_iam_policy_document: {
        publish: {
          statement: [
            {
              actions: ["sns:Publish"],
              resources: ["${aws_sns_topic.alerts.arn}"],
              principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
              condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["${data.aws_caller_identity.me.account_id}"] }],
            },
          ],
        },
      },
    },
    resource: {
      aws_sns_topic: { alerts: { name: "${local.name}" } },
      aws_kms_key: { key: {} },
      aws_iam_role: { role: { name: "deploy", path: "/ci/" } },
    },
  });

  it("resolves references to names and ARNs, and keeps what only AWS knows", () => {
    expect(graph.text("${aws_sns_topic.alerts.arn}")).toBe("arn:aws:sns:eu-west-1:123456789012:alerts-a");
    expect(graph.text("${aws_iam_role.role.arn}")).toBe("arn:aws:iam::123456789012:role/ci/deploy");
    expect(graph.text("role ${aws_iam_role.role.id} of ${data.aws_region.here.name}")).toBe("role deploy of eu-west-1");
    expect(graph.text("${aws_kms_key.key.arn}")).toBe("${aws_kms_key.key.arn}");
    expect(graph.text(["a"])).toBeUndefined();
  });

  it("reads documents from JSON, from expressions and from policy documents", () => {
    expect(graph.document('{"a": 1}')).toEqual({ a: 1 });
    expect(graph.document("${jsonencode({ command = local.command })}")).toEqual({ command: ["CMD", "true"] });
    expect(graph.document("no document")).toBeUndefined();
    const statements = statementsOf(graph.document("${data.aws_iam_policy_document.publish.json}"), (value) => graph.text(value));
    const call = { action: "sns:Publish", resource: "arn:aws:sns:eu-west-1:123456789012:alerts-a", principal: "events.amazonaws.com" };
    expect(allows(statements, { ...call, context: { "aws:sourceaccount": "123456789012" } })).toBe(true);
    expect(allows(statements, { ...call, context: { "aws:SourceAccount": "210987654321" } })).toBe(false);
    expect(allows(statements, { ...call, principal: "cloudwatch.amazonaws.com" })).toBe(false);
    expect(allows(statements, call)).toBe(false);
  });
});

describe("a policy", () => {
  const decide = (statement: object, call: Parameters<typeof allows>[1]): boolean =>
    allows(statementsOf({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }, statement] }, String), call);

  it("allows nothing that a statement denies", () => {
    const deny = { Effect: "Deny", Action: "s3:Delete*", NotResource: "arn:aws:s3:::scratch/*" };
    expect(decide(deny, { action: "s3:DeleteObject", resource: "arn:aws:s3:::ledger/1" })).toBe(false);
    expect(decide(deny, { action: "s3:DeleteObject", resource: "arn:aws:s3:::scratch/1" })).toBe(true);
    expect(decide(deny, { action: "s3:GetObject", resource: "arn:aws:s3:::ledger/1" })).toBe(true);
  });

  it.each([
    [{ Bool: { "aws:SecureTransport": "false" } }, { "aws:SecureTransport": "false" }, true],
    [{ Bool: { "aws:SecureTransport": "false" } }, { "aws:SecureTransport": "true" }, false],
    [{ StringNotEquals: { "aws:RequestedRegion": ["us-east-1", "us-west-2"] } }, { "aws:RequestedRegion": "us-west-2" }, false],
    [{ StringNotEqualsIfExists: { "aws:RequestedRegion": "us-east-1" } }, {}, true],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::a*" } }, { "aws:SourceArn": "arn:aws:s3:::abc" }, true],
    [{ Null: { "aws:TokenIssueTime": "true" } }, {}, true],
    [{ NumericLessThan: { "s3:TlsVersion": "1.2" } }, { "s3:TlsVersion": "1.1" }, true],
    [{ NumericLessThan: { "s3:TlsVersion": "1.2" } }, { "s3:TlsVersion": "1.2" }, false],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:TagKeys": ["a", "c"] }, false],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:TagKeys": ["a", "c"] }, true],
    [{ Unheard: { "aws:TagKeys": "a" } }, { "aws:TagKeys": "a" }, false],
  ])("meets the condition %j with %j: %s", (Condition, context, met) => {
    const call = { action: "s3:GetObject", resource: "arn:aws:s3:::ledger/1", context };
    expect(decide({ Effect: "Deny", Action: "*", Resource: "*", Condition }, call)).toBe(!met);
  });

  it("compares names with * and ?", () => {
    expect(matches("a.b", "a.?")).toBe(true);
    expect(matches("axb", "a.b")).toBe(false);
  });
});
