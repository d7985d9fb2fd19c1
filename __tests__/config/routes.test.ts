import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { patternsOverlap, priorityOf } from "../../config/routes";

/** Two letters are sufficient: any other character that a wildcard matches can be replaced by one of them. */
const LETTERS = ["a", "b"];
const pattern = fc.array(fc.constantFrom(...LETTERS, "*", "?"), { maxLength: 4 }).map((marks) => marks.join(""));
const text = fc.array(fc.constantFrom("/", "a", "b", "c"), { maxLength: 12 });

/** The regular expression of a path pattern. */
const fits = (wanted: string, path: string): boolean => new RegExp(`^${wanted.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(path);
const texts = (length: number): string[] =>
  length === 0 ? [""] : ["", ...texts(length - 1).flatMap((rest) => LETTERS.map((letter) => letter + rest))];
/** If a text matches both patterns, a text with at most the letters of both matches, too. */
const PATHS = [...new Set(texts(8))];

describe("two path patterns", () => {
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

  it("overlap if and only if a path matches both", () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        expect(patternsOverlap(one, other)).toBe(PATHS.some((path) => fits(one, path) && fits(other, path)));
      }),
    );
  });

  it("overlap if both are derived from the same path", () => {
    /** The replacement of each character of the path: itself, `?`, or `*` together with its neighbours. */
    const mask = fc.array(fc.constantFrom("itself", "?", "*"), { minLength: 12, maxLength: 12 });
    const masked = (path: readonly string[], marks: readonly string[]): string =>
      path.map((letter, index) => (marks[index] === "itself" ? letter : marks[index])).join("");
    fc.assert(
      fc.property(text, mask, mask, (path, one, other) => {
        expect(patternsOverlap(masked(path, one), masked(path, other))).toBe(true);
      }),
    );
  });

  it("overlap in either order, and each overlaps itself", () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        expect(patternsOverlap(one, other)).toBe(patternsOverlap(other, one));
        expect(patternsOverlap(one, one)).toBe(true);
      }),
    );
  });

  it("are compared quickly with any number of wildcards", () => {
    expect(patternsOverlap(`${"*a".repeat(64)}b`, `${"a*".repeat(64)}c`)).toBe(false);
  });
});

describe("the priority of a listener rule", () => {
  it("is accepted by AWS, and can be the same for two names", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(priorityOf(name)).toBeGreaterThanOrEqual(1);
        expect(priorityOf(name)).toBeLessThanOrEqual(50_000);
      }),
    );
    expect(priorityOf("cards-statements")).toBe(priorityOf("users-settlement"));
  });
});
