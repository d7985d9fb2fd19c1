import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { RENAMED_KEYS } from "../../config/unsupported-keys";
import { PROJECT } from "../support/requirements";
import { EVERYTHING, twoRegions } from "../support/config";
import { everyStack, regionStack } from "../support/synthesized";

const TEXT = readFileSync(join(PROJECT, "UPGRADING.md"), "utf8");
/** The rows of the table, as the cells `where`, `old` and `new`. */
const ROWS = TEXT.split("\n")
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

  it("moves old addresses to those of today, and moves none of today", () => {
    const rules = [...TEXT.matchAll(/^ +s\/(.+?)\/(.+?)\/g?$/gm)].map(
      ([, before = "", now = ""]) => [new RegExp(before, "g"), now] as const,
    );
    const moved = (address: string): string =>
      rules.reduce((text, [before, now]) => text.replace(before, now.replaceAll("\\1", "$1")), address);
    const addresses = [everyStack(EVERYTHING), everyStack(twoRegions("hot"))].flatMap((stacks) =>
      [...stacks.values()].flatMap((stack) => stack.all().map(({ address }) => address)),
    );
    expect(rules.length).toBeGreaterThan(15);
    expect(addresses.filter((address) => moved(address) !== address)).toEqual([]);
    expect(addresses).toEqual(
      expect.arrayContaining(
        [
          "aws_lb.front-door_load-balancer",
          "aws_route53_record.entry_record",
          "aws_route53_health_check.dns_health-us-east-1",
          "aws_cloudwatch_composite_alarm.database_alarm-tier",
          "aws_sfn_state_machine.take-over_runbook_machine",
          "aws_cloudwatch_event_rule.check-health_runbook_rehearsal",
        ].map(moved),
      ),
    );
  });

  it("has a reason for every row", () => {
    expect(ROWS.length).toBeGreaterThan(15);
    const table = TEXT.split("\n").filter((line) => line.startsWith("| "));
    for (const line of table) expect(line.split("|")[4]?.trim()).not.toBe("");
  });
});
