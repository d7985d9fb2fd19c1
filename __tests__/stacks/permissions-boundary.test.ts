import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { problemsOf } from "../support/invalid-configs";
import { failoverStack, globalStack, regionStack } from "../support/synthesized";

const BOUNDARY = "arn:aws:iam::123456789012:policy/standfast-boundary-test-1";
const bounded = { permissions_boundary_arn: BOUNDARY };

describe("a permissions boundary", () => {
  it("is set on every role of every stack", () => {
    const roles = [regionStack({ ...EVERYTHING, ...bounded }), globalStack(bounded), failoverStack(bounded)].flatMap((stack) =>
      stack.all("aws_iam_role"),
    );
    expect(roles.length).toBeGreaterThan(15);
    expect(roles.filter((role) => role["permissions_boundary"] !== BOUNDARY).map(({ address }) => address)).toEqual([]);
  });

  it("is not set by default", () => {
    for (const role of regionStack(EVERYTHING).all("aws_iam_role")) expect(role).not.toHaveProperty("permissions_boundary");
  });

  it("is the ARN of a managed policy", () => {
    expect(problemsOf({ permissions_boundary_arn: "standfast-boundary" }).map(({ where }) => where)).toEqual(["permissions_boundary_arn"]);
    expect(problemsOf({ permissions_boundary_arn: "arn:aws:iam::aws:policy/PowerUserAccess" })).toEqual([]);
  });
});
