import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { instanceWindows, instanceWindowsFit, regionalWindow, windowsOverlap } from "../../config/maintenance-windows";
import { REGIONS } from "../../config/regions";

const DAY = 24 * 60;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const twoDigits = (value: number): string => String(value).padStart(2, "0");
const time = (minute: number): string => `${twoDigits(Math.floor((minute % DAY) / 60))}:${twoDigits(minute % 60)}`;
const moment = (minute: number): string => `${DAYS[Math.floor(minute / DAY) % 7] ?? ""}:${time(minute)}`;

/** The minutes of the week in a weekly window. */
function minutes(window: string): Set<number> {
  const [start = 0, end = 0] = window
    .split(/-(?=[a-z])/)
    .map((text) => DAYS.indexOf(text.slice(0, 3)) * DAY + Number(text.slice(4, 6)) * 60 + Number(text.slice(7, 9)));
  return new Set(Array.from({ length: (end - start + 7 * DAY) % (7 * DAY) }, (_, minute) => (start + minute) % (7 * DAY)));
}

/** The minutes of the week in a daily window. */
function dailyMinutes(window: string): Set<number> {
  const [start = 0, end = 0] = window.split("-").map((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)));
  const length = (end - start + DAY) % DAY;
  return new Set(DAYS.flatMap((_, day) => Array.from({ length }, (__, minute) => (day * DAY + start + minute) % (7 * DAY))));
}

/** Windows as a bank configures them: the maintenance window does not overlap the backup window. */
const configured = fc
  .record({
    maintenance: fc
      .tuple(fc.nat(7 * DAY - 1), fc.integer({ min: 30, max: 240 }))
      .map(([start, length]) => [start, start + length] as const),
    backup: fc.tuple(fc.nat(DAY - 1), fc.integer({ min: 30, max: 360 })).map(([start, length]) => `${time(start)}-${time(start + length)}`),
    instances: fc.integer({ min: 1, max: 16 }),
  })
  .map(({ maintenance: [start, end], ...rest }) => ({ ...rest, weekly: `${moment(start)}-${moment(end)}` }))
  .filter(({ weekly, backup }) => !windowsOverlap(backup, weekly));

describe("the window of a region", () => {
  it("is the configured one in the primary region, and a day earlier in each further region", () => {
    const regions = [{ name: "us-east-1" }, { name: "us-west-2" }, { name: "eu-west-1" }];
    const windows = regions.map(({ name }) => regionalWindow("tue:05:00-tue:06:00", regions, name));
    expect(windows).toEqual(["tue:05:00-tue:06:00", "mon:05:00-mon:06:00", "sun:05:00-sun:06:00"]);
  });

  it.each([
    ["mon:23:30-tue:00:30", "sun:23:30-mon:00:30"],
    ["sun:23:30-mon:00:30", "sat:23:30-sun:00:30"],
    ["mon:00:00-mon:01:00", "sun:00:00-sun:01:00"],
  ])("crosses midnight and the week's end: %s in the primary, %s in the standby", (primary, standby) => {
    expect(regionalWindow(primary, [{ name: "us-east-1" }, { name: "us-west-2" }], "us-west-2")).toBe(standby);
  });

  it("has no minute in common with the cluster or the instances of another region, in up to six regions", () => {
    const regions = REGIONS.slice(0, 6).map((name) => ({ name }));
    fc.assert(
      fc.property(configured, ({ weekly, backup, instances }) => {
        fc.pre(instanceWindowsFit(weekly, backup, instances));
        const used = regions.flatMap(({ name }) => {
          const window = regionalWindow(weekly, regions, name);
          return [window, ...instanceWindows(window, backup, instances)].flatMap((each) => [...minutes(each)]);
        });
        expect(new Set(used).size).toBe(used.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the windows of the instances of a cluster", () => {
  it("follow the window of the cluster, 30 minutes each, the place of the writer last", () => {
    expect(instanceWindows("sun:05:00-sun:06:00", "03:00-04:00", 3)).toEqual([
      "sun:07:00-sun:07:30",
      "sun:06:30-sun:07:00",
      "sun:06:00-sun:06:30",
    ]);
  });

  it("skip the backup window, also across midnight", () => {
    expect(instanceWindows("sun:05:00-sun:06:00", "06:15-07:00", 2)).toEqual(["sun:07:30-sun:08:00", "sun:07:00-sun:07:30"]);
    expect(instanceWindows("sun:22:00-sun:23:00", "23:45-00:15", 2)).toEqual(["mon:00:15-mon:00:45", "sun:23:00-sun:23:30"]);
  });

  it("have no minute in common with each other, the cluster's window or a backup window", () => {
    fc.assert(
      fc.property(configured, ({ weekly, backup, instances }) => {
        fc.pre(instanceWindowsFit(weekly, backup, instances));
        const windows = instanceWindows(weekly, backup, instances);
        expect(windows).toHaveLength(instances);
        const used = [weekly, ...windows].flatMap((window) => [...minutes(window)]);
        expect(new Set(used).size).toBe(used.length);
        const backups = dailyMinutes(backup);
        expect(used.filter((minute) => backups.has(minute))).toEqual([]);
        for (const window of windows) expect(minutes(window).size).toBe(30);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["three instances", "sun:05:00-sun:06:00", "03:00-04:00", 3, true],
    ["the maximum of instances", "sun:05:00-sun:06:00", "03:00-04:00", 16, true],
    ["a cluster's window of a day less 90 minutes", "sun:05:00-mon:03:30", "03:30-04:00", 2, true],
    ["one instance more than fits", "sun:05:00-mon:03:30", "03:30-04:00", 3, false],
    ["a backup window of almost a day", "sun:05:00-sun:05:30", "05:30-05:15", 1, false],
  ])("fit into 24 hours, or not: %s", (_, weekly, backup, instances, fits) => {
    expect(instanceWindowsFit(weekly, backup, instances)).toBe(fits);
  });
});
