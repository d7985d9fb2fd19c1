import { describe, expect, it } from "@jest/globals";
import { gapOf, longestGap, minutesAhead, startsOf } from "../../prove/time/schedule";
import { commonMinutes, weeklySpan } from "../../prove/time/windows";

const HOUR = 60;
const DAY = 24 * HOUR;

describe("a schedule", () => {
  it.each([
    ["cron(0 0/6 * * ? *)", 6 * HOUR],
    ["cron(0 6,12,18 * * ? *)", 12 * HOUR],
    ["cron(0 0-18/6 ? * MON-FRI *)", 2 * DAY + 6 * HOUR],
    ["cron(30 5 ? * 1,4 *)", 4 * DAY],
    ["cron(0 0 L * ? *)", 31 * DAY],
    ["cron(0 0 1 JAN ? *)", 366 * DAY],
    ["cron(30 8 * * ? *)", DAY],
    ["cron(0 12 ? * SUN *)", 7 * DAY],
    ["cron(0 0 1 * ? *)", 31 * DAY],
    ["cron(0 1-3 * * ? *)", 22 * HOUR],
    ["rate(1 minute)", 1],
    ["rate(2 hours)", 2 * HOUR],
  ])("%s has at most %d minutes between two starts", (expression, minutes) => {
    expect(gapOf(expression)).toBe(minutes);
  });

  it.each([
    "every 6 hours",
    "cron(0 6 * * * *)",
    "cron(0 6 ? * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 6 * * ?)",
    "cron(0 12 L * *)",
    "cron(0 a * * ? *)",
    "cron(0 6 ? * MON#1 *)",
    "rate(0 minutes)",
  ])("%s has no starts, because AWS refuses it or it is not read", (expression) => {
    expect(startsOf(expression)).toBeUndefined();
    expect(gapOf(expression)).toBeUndefined();
  });

  it("of several rules is that of all their starts", () => {
    const starts = ["cron(0 6,12,18 * * ? *)", "cron(0 0 * * ? *)"].map((expression) => startsOf(expression) ?? []);
    expect(longestGap(starts)).toBe(6 * HOUR);
    expect(longestGap([])).toBe(Infinity);
    expect(startsOf("rate(12 hours)")?.slice(0, 3)).toEqual([0, 12 * HOUR, DAY]);
  });
});

describe("a time zone", () => {
  it("is ahead of UTC by some minutes", () => {
    expect(["UTC", "America/New_York", "Asia/Kolkata", "Nowhere/At_All"].map(minutesAhead)).toEqual([0, -300, 330, undefined]);
  });
});

describe("a maintenance window", () => {
  const common = (one: string, other: string): number | undefined => {
    const [first, second] = [weeklySpan(one), weeklySpan(other)];
    return first && second && commonMinutes(first, second);
  };

  it.each([
    ["sun:05:00-sun:06:00", "sat:05:00-sat:06:00", 0],
    ["sun:05:00-sun:06:00", "sun:06:00-sun:07:00", 0],
    ["sun:05:00-sun:06:00", "Sun:05:30-Sun:06:30", 30],
    ["sun:23:30-mon:00:30", "mon:00:00-mon:01:00", 30],
    ["mon:00:00-mon:01:00", "sun:23:30-mon:00:30", 30],
    ["sun:23:30-mon:00:30", "sun:23:00-mon:02:00", 60],
  ])("%s has with %s %d minutes in common", (one, other, minutes) => {
    expect(common(one, other)).toBe(minutes);
    expect(common(other, one)).toBe(minutes);
  });

  it.each(["sun:05:00-sun:25:00", "sunday", "05:00-06:00", "sun:05:00-sun:05:00"])("%s is none", (window) => {
    expect(weeklySpan(window)).toBeUndefined();
  });
});
