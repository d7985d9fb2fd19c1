import { describe, expect, it } from "@jest/globals";
import { type Citation, withCitations } from "../../../commands/requirements/page";

const PAGE = [
  "| id | required | how it is met | proof | live checks |",
  "|---|---|---|---|---|",
  "| S000-1 | versioned | yes \\| no | [a test](../a.test.ts) | [An old check](../old.ts) |",
  "| S000-2 | tagged | yes | [a test](../a.test.ts) | [An old check](../old.ts) |",
  "",
  "| id | required | how it is met | proof |",
  "|---|---|---|---|",
  "| S001-1 | a claim | no | [a test](../a.test.ts) |",
].join("\n");
const withLiveChecks = (page: string, citations: readonly Citation[]): string => withCitations(page, [{ name: "live checks", citations }]);
const check = (requirement: string, ...requirementIds: string[]) => ({ requirement, requirementIds, file: "checks/x.ts" });

describe("the column of live checks", () => {
  it("has each check in the rows that it names, in the order of the checks, and no other text changes", () => {
    const page = withLiveChecks(PAGE, [check("B holds", "S000-1"), check("A holds", "S000-1")]);
    expect(page.split("\n")[2]).toBe(
      "| S000-1 | versioned | yes \\| no | [a test](../a.test.ts) | [B holds](../checks/x.ts), [A holds](../checks/x.ts) |",
    );
    expect(page.split("\n")[3]).toBe("| S000-2 | tagged | yes | [a test](../a.test.ts) | |");
    expect(page.split("\n").toSpliced(2, 2)).toEqual(PAGE.split("\n").toSpliced(2, 2));
  });

  it("does not change when it is written twice", () => {
    const checks = [check("B holds", "S000-1"), check("A holds", "S000-1", "S000-2")];
    expect(withLiveChecks(withLiveChecks(PAGE, checks), checks)).toBe(withLiveChecks(PAGE, checks));
  });

  it.each(["S000-3", "S001-1"])("rejects a check that names %s", (id) => {
    expect(() => withLiveChecks(PAGE, [check("A holds", "S000-1", id)])).toThrow(`has no row ${id}`);
  });

  it("is one of several generated columns, which do not touch each other", () => {
    const page = ["| id | required | live checks | claims |", "|---|---|---|---|", "| S000-1 | versioned | | |"].join("\n");
    const written = withCitations(page, [
      { name: "live checks", citations: [check("A holds", "S000-1")] },
      { name: "claims", citations: [check("Z1: B holds", "S000-1")] },
    ]);
    expect(written.split("\n")[2]).toBe("| S000-1 | versioned | [A holds](../checks/x.ts) | [Z1: B holds](../checks/x.ts) |");
  });
});
