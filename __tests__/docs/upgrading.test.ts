import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { RENAMED_KEYS } from "../../config/unsupported-keys";
import { PROJECT } from "../support/requirements";
import { regionStack } from "../support/synthesized";

/** The rows of the table, as the cells `where`, `old` and `new`. */
const ROWS = readFileSync(join(PROJECT, "UPGRADING.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| (key|output|runbook|rule|alarm|value|field|page|anchor)\b/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, where = "", old = "", now = ""]) => ({ where, old, now }));

const rows = (where: string) => ROWS.filter((row) => row.where === where);
/** The names in a cell: `service.health_command` and `services.<name>.health_command`. */
const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
/** The last part of a path: `health_check_command`. */
const lastPart = (path: string): string => path.split(".").at(-1) ?? path;

describe("UPGRADING.md", () => {
  it("names every renamed key with its present name", () => {
    const listed = rows("key").flatMap(({ old, now }) =>
      names(old).map((path) => [path.replace("<name>", "*"), names(now).map(lastPart).join()] as const),
    );
    expect(Object.fromEntries(listed)).toEqual(RENAMED_KEYS);
  });

  it("names outputs, runbooks and alarms that exist, and old ones that do not", () => {
    const stack = regionStack({}, 1);
    const outputs = Object.keys(stack.json["output"] ?? {});
    const runbooks = stack.all("aws_sfn_state_machine").map(({ name }) => String(name));
    for (const { old, now } of rows("output")) {
      expect(outputs).toEqual(expect.arrayContaining(names(now)));
      expect(outputs).not.toEqual(expect.arrayContaining(names(old)));
    }
    for (const { old, now } of rows("runbook")) {
      expect(runbooks).toContain(names(now)[0]?.replace("<suffix>", "test-1"));
      expect(runbooks).not.toContain(names(old)[0]?.replace("<suffix>", "test-1"));
    }
    for (const { alarm_name: name } of stack.all("aws_cloudwatch_composite_alarm")) expect(name).toMatch(/^composite-.*-test-1$/);
    expect(rows("output").length + rows("runbook").length).toBe(6);
  });

  it("has a reason for every row", () => {
    expect(ROWS.length).toBeGreaterThan(15);
    const table = readFileSync(join(PROJECT, "UPGRADING.md"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| "));
    for (const line of table) expect(line.split("|")[4]?.trim()).not.toBe("");
  });
});
