import { describe, expect, it } from "@jest/globals";
import { identify } from "../../scripts/orphans/kinds";

describe("an ARN", () => {
  it("gives the id that terraform import takes and the Terraform type", () => {
    expect(identify("arn:aws:kms:us-east-1:123456789012:alias/key-alerts-pr-42")).toMatchObject({
      id: "alias/key-alerts-pr-42",
      kind: { types: ["aws_kms_alias"] },
    });
    expect(identify("arn:aws:ssm:us-east-1:123456789012:parameter/standfast/pr-42/x")).toMatchObject({ id: "/standfast/pr-42/x" });
    expect(identify("arn:aws:logs:us-east-1:123456789012:log-group:/standfast/pr-42/service:*")).toMatchObject({
      id: "/standfast/pr-42/service",
    });
  });

  it("of what services make and remove by themselves is nobody's orphan", () => {
    expect(identify("arn:aws:ecs:us-east-1:123456789012:task/ecs-pr-42/0123")).toBeUndefined();
    expect(identify("arn:aws:rds:us-east-1:123456789012:cluster-snapshot:rds:aurora-pr-42")).toBeUndefined();
  });

  it("of an unknown kind is listed all the same, without a command", () => {
    expect(identify("arn:aws:newservice:us-east-1:123456789012:thing/pr-42")).toMatchObject({
      kind: { types: [], remove: expect.stringMatching(/^# .*by hand$/) },
    });
  });
});
