import { describe, expect, it } from "@jest/globals";
import { allows, type Request } from "./access";
import type { PolicyStatement } from "./policies";

describe("a policy", () => {
  const allow: PolicyStatement = {
    address: "aws_sns_topic_policy.policy",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: ["sns:Pub*"],
    Resource: "arn:aws:sns:us-east-1:123456789012:alerts",
  };
  const request: Request = {
    service: "events.amazonaws.com",
    action: "sns:Publish",
    resource: "arn:aws:sns:us-east-1:123456789012:alerts",
    context: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/bus/one" },
  };
  const where = (Condition: PolicyStatement["Condition"]): PolicyStatement => ({ ...allow, ...(Condition && { Condition }) });

  it("lets through what it allows", () => {
    expect(allows([allow], request)).toBe(true);
    expect(allows([where({ ArnLike: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/bus/*" } })], request)).toBe(true);
    const ofARole: PolicyStatement = { address: allow.address, Effect: "Allow", Action: allow.Action, Resource: request.resource };
    expect(allows([ofARole], { action: request.action, resource: request.resource })).toBe(true);
  });

  it.each<[string, readonly PolicyStatement[]]>([
    ["without statements", []],
    ["for another service", [{ ...allow, Principal: { Service: ["sns.amazonaws.com"] } }]],
    ["for another action", [{ ...allow, Action: "sns:Subscribe" }]],
    ["for another resource", [{ ...allow, Resource: "arn:aws:sns:us-east-1:123456789012:alert" }]],
    ["with a condition that does not fit", [where({ ArnLike: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/one" } })]],
    ["with a condition on a missing context key", [where({ StringEquals: { "aws:SourceAccount": "123456789012" } })]],
    ["with a Deny in addition to the Allow", [allow, { ...allow, Effect: "Deny", Principal: "*" }]],
  ])("%s lets nothing through", (_, policy) => {
    expect(allows(policy, request)).toBe(false);
  });

  it("with an unknown condition operator is an error", () => {
    expect(() => allows([where({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })], request)).toThrow("unknown condition operator IpAddress");
  });
});
