import { describe, expect, it } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { CLAIMS } from "../../prove/claims";

const PAGE = resolve(__dirname, "..", "..", "docs", "prove.md");
const TABLE = /(<!-- claims: .* -->\n)[^]*(<!-- end of claims -->)/;

/** The page with a row for each claim. */
function withClaims(page: string): string {
  if (!TABLE.test(page)) throw new Error("docs/prove.md lacks the place of the claims");
  const rows = CLAIMS.map(({ id, title, requirementIds = [] }) => `| ${id} | ${title} | ${requirementIds.join(", ")} |`);
  return page.replace(TABLE, (_, start: string, end: string) =>
    [start, "| id | claim | requirements |", "|---|---|---|", ...rows, "", end].join("\n"),
  );
}

describe("docs/prove.md", () => {
  it("has every claim (UPDATE_PAGES=1 writes them)", () => {
    const current = withClaims(readFileSync(PAGE, "utf8"));
    if (process.env["UPDATE_PAGES"] === "1") writeFileSync(PAGE, current);
    expect(readFileSync(PAGE, "utf8")).toBe(current);
  });

  it("has each id once, and each title as a sentence without a period", () => {
    const ids = CLAIMS.map(({ id }) => id);
    expect([...new Set(ids)]).toEqual(ids);
    for (const { title } of CLAIMS) expect(title).toMatch(/^[A-Z].*[^.]$/);
  });
});
