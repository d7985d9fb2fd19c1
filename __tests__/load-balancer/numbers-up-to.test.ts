import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { numbersUpTo } from "../../modules/load-balancer/numbers-up-to";

const matches = (most: number, text: string): boolean => new RegExp(numbersUpTo(most)).test(text);

describe("the expression of the numbers up to a limit", () => {
  const limit = fc.integer({ min: 0, max: 2 ** 31 });

  it("matches each lower number and the limit itself", () => {
    const pair = limit.chain((most) => fc.tuple(fc.constant(most), fc.integer({ min: 0, max: most })));
    fc.assert(fc.property(pair, ([most, number]) => matches(most, String(number)) && matches(most, String(most))));
  });

  it("matches no higher number", () => {
    fc.assert(fc.property(limit, fc.integer({ min: 1, max: 2 ** 31 }), (most, more) => !matches(most, String(most + more))));
  });

  it("matches nothing but digits", () => {
    expect(["", "-1", "1.5", "1e3", " 1", "1 ", "1,1", "0x1"].filter((text) => matches(100, text))).toEqual([]);
  });

  // https://docs.aws.amazon.com/waf/latest/APIReference/API_Regex.html
  it("has no capturing group, and at most the 512 characters of AWS WAF", () => {
    fc.assert(fc.property(limit, (most) => numbersUpTo(most).length <= 512 && !/\((?!\?:)/.test(numbersUpTo(most))));
  });
});
