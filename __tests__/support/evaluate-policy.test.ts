import { describe, expect, it } from "@jest/globals";
import { allows, type EvaluatedStatement } from "./evaluate-policy";

const request = { action: "s3:GetObject", resource: "arn:aws:s3:::own/a" };
const allow = (more: Partial<EvaluatedStatement> = {}): EvaluatedStatement => ({
  Effect: "Allow",
  Action: ["s3:Get*"],
  Resource: ["arn:aws:s3:::own/*"],
  ...more,
});
const tagged = (value?: string) => ({ ...request, context: value === undefined ? {} : { "aws:ResourceTag/Owner": value } });

describe("the evaluation of policies", () => {
  it("allows what one statement allows and none denies, within the boundary", () => {
    expect(allows([], request)).toBe(false);
    expect(allows([allow()], request)).toBe(true);
    expect(allows([allow({ Action: "s3:Put*" })], request)).toBe(false);
    expect(allows([allow({ Resource: "arn:aws:s3:::other/*" })], request)).toBe(false);
    expect(allows([allow(), allow({ Effect: "Deny" })], request)).toBe(false);
    expect(allows([allow()], request, [allow()])).toBe(true);
    expect(allows([allow()], request, [])).toBe(false);
  });

  it("applies NotResource to all other resources", () => {
    const { Resource, ...other } = allow({ NotResource: "arn:aws:s3:::other/*" });
    expect(Resource).toBeDefined();
    expect(allows([other], request)).toBe(true);
    expect(allows([other], { ...request, resource: "arn:aws:s3:::other/a" })).toBe(false);
  });

  it.each<[string, string, readonly [string | undefined, boolean][]]>([
    [
      "StringEquals",
      "a*",
      [
        ["a*", true],
        ["ab", false],
        [undefined, false],
      ],
    ],
    [
      "StringLike",
      "a*",
      [
        ["ab", true],
        ["A", false],
        [undefined, false],
      ],
    ],
    [
      "StringNotLike",
      "a*",
      [
        ["ab", false],
        ["b", true],
        [undefined, true],
      ],
    ],
    [
      "StringNotEquals",
      "a",
      [
        ["a", false],
        ["b", true],
        [undefined, true],
      ],
    ],
    [
      "StringLikeIfExists",
      "a*",
      [
        ["b", false],
        [undefined, true],
      ],
    ],
    [
      "ForAllValues:StringLike",
      "a*",
      [
        ["ab", true],
        ["b", false],
        [undefined, true],
      ],
    ],
    [
      "ForAnyValue:StringEquals",
      "a",
      [
        ["a", true],
        ["b", false],
        [undefined, false],
      ],
    ],
    [
      "ArnEquals",
      "arn:*",
      [
        ["arn:a", true],
        ["b", false],
      ],
    ],
    [
      "Bool",
      "true",
      [
        ["true", true],
        ["false", false],
        [undefined, false],
      ],
    ],
    [
      "Null",
      "false",
      [
        ["a", true],
        [undefined, false],
      ],
    ],
    [
      "Null",
      "true",
      [
        ["a", false],
        [undefined, true],
      ],
    ],
  ])("knows %s %s", (operator, wanted, cases) => {
    for (const [value, expected] of cases) {
      const statement = allow({ Condition: { [operator]: { "aws:ResourceTag/Owner": wanted } } });
      expect({ value, allowed: allows([statement], tagged(value)) }).toEqual({ value, allowed: expected });
    }
  });

  it("refuses operators that it does not know", () => {
    for (const operator of ["NumericLessThan", "IpAddress", "StringEqualsIgnoreCase"])
      expect(() => allows([allow({ Condition: { [operator]: { key: "1" } } })], request)).toThrow(`unknown condition operator ${operator}`);
  });
});
