import { describe, expect, it } from "@jest/globals";
import { MYSQL, ONE_REGION, twoRegions } from "../support/config";
import { oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const WATCHED = ["CPUCreditBalance", "Deadlocks", "FreeLocalStorage", "FreeableMemory", "MaximumUsedTransactionIDs"];
const watchedIn = (stack: Synthesized): string[] =>
  stack
    .all("aws_cloudwatch_metric_alarm")
    .map((alarm) => String(alarm["metric_name"]))
    .filter((metric) => WATCHED.includes(metric))
    .sort();

describe("what the instances of the database run out of", () => {
  it("has a warning: memory, local storage, transaction ids, and deadlocks", () => {
    expect(watchedIn(oneRegion())).toEqual(["Deadlocks", "FreeLocalStorage", "FreeableMemory", "MaximumUsedTransactionIDs"]);
  });

  it("has no transaction ids in Aurora MySQL", () => {
    expect(watchedIn(regionStack(MYSQL))).toEqual(["Deadlocks", "FreeLocalStorage", "FreeableMemory"]);
  });

  it("has CPU credits in classes that use them only", () => {
    expect(watchedIn(regionStack({ preset: "trading" }))).toContain("CPUCreditBalance");
    expect(watchedIn(regionStack({ ...ONE_REGION, database: { instance_class: "db.r6g.large" } }))).not.toContain("CPUCreditBalance");
  });

  it("has no warning in a pilot light, which has no instances", () => {
    expect(watchedIn(regionStack(twoRegions("pilot-light"), 1))).toEqual([]);
  });
});
