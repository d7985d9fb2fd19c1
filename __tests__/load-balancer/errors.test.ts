import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { oneRegion, type Resource, type Synthesized } from "../support/synthesized";

const alarmIn = (stack: Synthesized, name: string): Resource =>
  stack.all("aws_cloudwatch_metric_alarm").find((alarm) => alarm["alarm_name"] === `alarm-${name}-test-1`) as Resource;

/** The value of an alarm on errors in one period, by the expression that CloudWatch evaluates. Missing metrics are undefined. */
function value(alarm: Resource, given: { readonly requests?: number; readonly errors?: number; readonly target_errors?: number }): number {
  const [{ expression }] = alarm["metric_query"] as [{ expression: string }];
  const filled = expression.replaceAll(/FILL\((\w+), 0\)/g, (_, name: keyof typeof given) => String(given[name] ?? 0));
  const [, least = "", share = ""] = /^IF\(.+ >= (\d+), (.+), 0\)$/.exec(filled) ?? [];
  const [, one, other, requests, rejected] = /^100 \* SUM\(\[(\d+), (\d+)\]\) \/ SUM\(\[(\d+), (\d+)\]\)$/.exec(share) ?? [];
  if (rejected === undefined) throw new Error(`unexpected metric math: ${expression}`);
  const failed = Number(one) + Number(other);
  return failed >= Number(least) ? (100 * failed) / (Number(requests) + Number(rejected)) : 0;
}

describe("errors", () => {
  const region = oneRegion();
  const fires = (name: string, given: Parameters<typeof value>[1], stack = region): boolean => {
    const alarm = alarmIn(stack, name);
    return value(alarm, given) > Number(alarm["threshold"]);
  };

  it("are critical within a minute when one request in twenty fails, of a release or of the load balancer", () => {
    expect(alarmIn(region, "error-rate-high")).toMatchObject({ tags: { Severity: "critical" }, evaluation_periods: 1 });
    expect(fires("error-rate-high", { requests: 1000, target_errors: 1000 })).toBe(true);
    expect(fires("error-rate-high", { requests: 1000, target_errors: 51 })).toBe(true);
    expect(fires("error-rate-high", { errors: 10 })).toBe(true);
    expect(fires("error-rate-high", { requests: 1000, target_errors: 50 })).toBe(false);
  });

  it("do not notify one by one: fewer than ten are no rate", () => {
    for (const name of ["error-rate-high", "error-budget-fast", "error-budget-slow"]) {
      expect(fires(name, { requests: 1, target_errors: 1 })).toBe(false);
      expect(fires(name, { requests: 9, target_errors: 9 })).toBe(false);
      expect(fires(name, { requests: 10, target_errors: 10 })).toBe(true);
      expect(fires(name, {})).toBe(false);
    }
  });

  it("use the error budget fast above 2 % of it in an hour, which is critical, and slowly above 5 % in six hours, a warning", () => {
    const periods = (name: string): unknown[] =>
      (alarmIn(region, name)["metric_query"] as { metric?: { period: number } }[]).flatMap(({ metric }) => metric?.period ?? []);
    expect([new Set(periods("error-budget-fast")), new Set(periods("error-budget-slow"))]).toEqual([new Set([3600]), new Set([21_600])]);
    expect(alarmIn(region, "error-budget-fast")).toMatchObject({ threshold: 0.144, tags: { Severity: "critical" } });
    expect(alarmIn(region, "error-budget-slow")).toMatchObject({ threshold: 0.06, tags: { Severity: "warning" } });
    // 30 days have 720 hours: 2 % of the budget in one of them is a rate of 14.4.
    for (const [name, hours, share] of [
      ["error-budget-fast", 1, 0.02],
      ["error-budget-slow", 6, 0.05],
    ] as const)
      expect(Number(alarmIn(region, name)["threshold"])).toBeCloseTo((0.01 * share * 720) / hours, 6);
  });

  it("are measured against the objective of the configuration", () => {
    const lower = oneRegion({ monitoring: { availability_percent: 99.9 } });
    expect(alarmIn(lower, "error-budget-fast")).toMatchObject({ threshold: 1.44 });
    expect(String(alarmIn(lower, "error-budget-slow")["alarm_description"])).toContain("The objective is 99.9 % of requests");
  });

  it("and slow responses of each service behind the load balancer are critical, if half of at least ten requests are slow", () => {
    const slow = oneRegion(EVERYTHING)
      .all("aws_cloudwatch_metric_alarm")
      .filter(({ alarm_name: name }) => String(name).includes("latency-critical"));
    expect(slow.map(({ alarm_name: name }) => name).sort()).toEqual([
      "alarm-latency-critical-test-1",
      "alarm-ledger-latency-critical-test-1",
    ]);
    for (const { metric_query: queries, threshold, tags } of slow) {
      expect((queries as { expression?: string }[])[0]?.expression).toBe("IF(FILL(requests, 0) >= 10, median, 0)");
      expect({ threshold, tags }).toEqual({ threshold: 1, tags: { Severity: "critical" } });
    }
  });
});
