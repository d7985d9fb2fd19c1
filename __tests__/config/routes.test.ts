import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { patternsOverlap, priorityOf } from "../../config/routes";

/** Two letters are enough: whatever else fits a wildcard could be one of them. */
const LETTERS = ["a", "b"];
const pattern = fc.array(fc.constantFrom(...LETTERS, "*", "?"), { maxLength: 4 }).map((marks) => marks.join(""));
const text = fc.array(fc.constantFrom("/", "a", "b", "c"), { maxLength: 12 });

/** How the load balancer reads a pattern of letters. */
const fits = (wanted: string, path: string): boolean => new RegExp(`^${wanted.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(path);
const texts = (length: number): string[] =>
  length === 0 ? [""] : ["", ...texts(length - 1).flatMap((rest) => LETTERS.map((letter) => letter + rest))];
/** Two patterns that have a text in common have one with no more letters than both together. */
const PATHS = [...new Set(texts(8))];

describe("two patterns of paths", () => {
  it.each([
    ["/a*", "/*b", true],
    ["/ledger/*", "/ledger/", true],
    ["/ledger/*", "/ledger", false],
    ["/ledger", "/ledge?", true],
    ["/ledger", "/ledger?", false],
    ["/a*a", "/b*", false],
    ["/*/x", "/y/*", true],
    ["/A", "/a", false],
    ["/a.b", "/a-b", false],
  ])("%s and %s overlap: %s", (one, other, expected) => {
    expect(patternsOverlap(one, other)).toBe(expected);
  });

  it("overlap where some path fits both, and nowhere else", () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        expect(patternsOverlap(one, other)).toBe(PATHS.some((path) => fits(one, path) && fits(other, path)));
      }),
    );
  });

  it("overlap where both were made of the same path", () => {
    /** What stands for each character of the path: itself, any one, or any number with those beside it. */
    const mask = fc.array(fc.constantFrom("itself", "?", "*"), { minLength: 12, maxLength: 12 });
    const masked = (path: readonly string[], marks: readonly string[]): string =>
      path.map((letter, index) => (marks[index] === "itself" ? letter : marks[index])).join("");
    fc.assert(
      fc.property(text, mask, mask, (path, one, other) => {
        expect(patternsOverlap(masked(path, one), masked(path, other))).toBe(true);
      }),
    );
  });

  it("overlap whichever is named first, and each overlaps itself", () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        expect(patternsOverlap(one, other)).toBe(patternsOverlap(other, one));
        expect(patternsOverlap(one, one)).toBe(true);
      }),
    );
  });

  it("are compared at once, however many wildcards they have", () => {
    expect(patternsOverlap(`${"*a".repeat(64)}b`, `${"a*".repeat(64)}c`)).toBe(false);
  });
});

describe("the place of a rule", () => {
  it("is one that AWS takes, and can be the same for two names", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(priorityOf(name)).toBeGreaterThanOrEqual(1);
        expect(priorityOf(name)).toBeLessThanOrEqual(50_000);
      }),
    );
    expect(priorityOf("cards-statements")).toBe(priorityOf("users-settlement"));
  });
});
