import { describe, expect, it } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { withFailureTable } from "./failure-table";

const README = resolve(__dirname, "..", "..", "README.md");

describe("the table of failures in README.md", () => {
  it("has the times that the default preset keeps (UPDATE_PAGES=1 writes it)", () => {
    const text = readFileSync(README, "utf8");
    const current = withFailureTable(text);
    if (process.env["UPDATE_PAGES"] === "1") writeFileSync(README, current);
    expect(readFileSync(README, "utf8")).toBe(current);
  });

  it("must be in the page", () => {
    expect(() => withFailureTable("# Another page")).toThrow(/^README\.md lacks <!-- failures/);
  });
});
