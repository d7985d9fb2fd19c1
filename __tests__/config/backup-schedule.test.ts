import { describe, expect, it } from "@jest/globals";
import { backupSchedules, maxBackupAgeHours, maxCopyAgeHours } from "../../config/backup-schedule";

const INTERVALS = [1, 2, 3, 4, 6, 8, 12, 24];

/** The hours of a day at which a schedule expression of this kind fires. */
function hoursOf(schedule: string): number[] {
  const hours = /^cron\(0 (\S+) \* \* \? \*\)$/.exec(schedule)?.[1] ?? "";
  const [first = "", step] = hours.split("/");
  if (step === undefined) return hours.split(",").map(Number);
  return Array.from({ length: 24 }, (_, hour) => hour).filter(
    (hour) => hour >= Number(first) && (hour - Number(first)) % Number(step) === 0,
  );
}

const pairs = INTERVALS.flatMap((every) => INTERVALS.filter((copy) => copy % every === 0).map((copy) => [every, copy] as const));

describe("the rules of a backup plan", () => {
  it.each(pairs)("with a backup every %s hours and a copy every %s have each hour once", (every, copyEvery) => {
    const rules = backupSchedules(every, copyEvery);
    const all = rules.flatMap(({ schedule }) => hoursOf(schedule)).sort((one, other) => one - other);
    expect(all).toEqual(Array.from({ length: 24 / every }, (_, index) => index * every));
    const copied = rules.filter((rule) => rule.copied).flatMap(({ schedule }) => hoursOf(schedule));
    expect(copied).toEqual(Array.from({ length: 24 / copyEvery }, (_, index) => index * copyEvery));
    expect(rules).toHaveLength(every === copyEvery ? 1 : 2);
  });

  it("are one rule without copies", () => {
    expect(backupSchedules(6)).toEqual([{ ruleName: "every-6-hours", schedule: "cron(0 0/6 * * ? *)", copied: false }]);
  });
});

describe("the maximum age", () => {
  it("of a backup is its interval, an hour until the job starts, and two for the job", () => {
    expect(maxBackupAgeHours(6)).toBe(9);
  });

  it("of a copy allows a copy to take until the next one begins", () => {
    for (const every of INTERVALS) expect(maxCopyAgeHours(every)).toBe(every + maxBackupAgeHours(every));
  });

  it("fits into the evaluation range of an alarm, which is seven days", () => {
    expect(maxCopyAgeHours(24)).toBeLessThanOrEqual(7 * 24);
  });
});
