import { describe, expect, it } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { withFailureTable } from "./failure-table";

const PAGE = resolve(__dirname, "..", "..", "docs", "availability.md");

describe("the table of failures in docs/availability.md", () => {
  it("has the times that the default preset keeps (UPDATE_PAGES=1 writes it)", () => {
    const text = readFileSync(PAGE, "utf8");
    const current = withFailureTable(text);
    if (process.env["UPDATE_PAGES"] === "1") writeFileSync(PAGE, current);
    expect(readFileSync(PAGE, "utf8")).toBe(current);
  });

  it("must be in the page", () => {
    expect(() => withFailureTable("# Another page")).toThrow(/^docs\/availability\.md lacks <!-- failures/);
  });
});
