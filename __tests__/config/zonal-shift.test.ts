import { describe, expect, it } from "@jest/globals";
import { tasksWithoutZone, withZoneRedundancy } from "../../config/capacity";
import { aConfig } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";

const shift = (zonal_shift: object): object => ({ zonal_shift });
const windows = (...blocked_windows: readonly string[]): object => shift({ blocked_windows });
const hourly = (count: number): string[] => Array.from({ length: count }, (_, hour) => `Mon:${String(hour).padStart(2, "0")}:00-Mon:23:59`);

describeInvalidConfigs([
  {
    title: "fewer hours in all than one shift has",
    bad: shift({ hours: 6, max_hours: 5 }),
    where: "zonal_shift.max_hours",
    says: /could not start any.*max_hours = 6 or more/,
    good: shift({ hours: 6, max_hours: 6 }),
  },
  {
    title: "an automatic zonal shift without the runbooks",
    bad: { runbooks: { enabled: false }, zonal_shift: { automatic: true } },
    where: "zonal_shift.automatic",
    says: /requires the runbooks, which are not enabled.*automatic = false/,
    good: { runbooks: { enabled: false } },
  },
  {
    title: "blocked windows without zonal autoshift",
    bad: shift({ autoshift: false, blocked_windows: ["Mon:08:00-Mon:18:00"] }),
    where: "zonal_shift.blocked_windows",
    says: /has no effect without zonal autoshift.*autoshift = true/,
    good: windows("Mon:08:00-Mon:18:00"),
  },
  {
    title: "more windows than AWS accepts",
    bad: windows(...hourly(16)),
    where: "zonal_shift.blocked_windows",
    says: /has 16 windows; AWS accepts 15/,
    good: windows(...hourly(15)),
  },
  {
    title: "a window over midnight",
    bad: windows("Mon:22:00-Tue:02:00"),
    where: "zonal_shift.blocked_windows[0]",
    says: /no window that starts and ends on the same day.*Mon:08:00-Mon:18:00/,
    good: windows("Mon:22:00-Mon:23:59", "Tue:00:00-Tue:02:00"),
  },
  {
    title: "a window that ends before it starts",
    bad: windows("Tue:00:00-Tue:23:59", "Mon:18:00-Mon:08:00"),
    where: "zonal_shift.blocked_windows[1]",
    says: /no window/,
    good: windows("Tue:00:00-Tue:23:59", "Mon:08:00-Mon:18:00"),
  },
  {
    title: "a window with an hour that does not exist",
    bad: windows("Mon:08:00-Mon:24:00"),
    where: "zonal_shift.blocked_windows[0]",
    says: /no window/,
    good: windows("Mon:08:00-Mon:23:59"),
  },
]);

describe("zonal shift", () => {
  it("is automatic by default, for an hour and at most twelve, with zonal autoshift", () => {
    expect(aConfig().zonalShift).toEqual({ automatic: true, hours: 1, maxHours: 12, autoshift: true, blockedWindows: [] });
  });

  it("has no practice runs in an environment that exists for hours", () => {
    expect(aConfig({ ephemeral: true }).zonalShift).toMatchObject({ automatic: true, autoshift: false });
  });

  it("requires the tasks that the loss of the largest zone leaves", () => {
    expect([6, 7, 8, 9].map((tasks) => tasksWithoutZone(tasks, 3))).toEqual([4, 4, 5, 6]);
    expect(tasksWithoutZone(8, 4)).toBe(6);
    // What static stability promises.
    for (const min of [6, 7, 10]) expect(tasksWithoutZone(withZoneRedundancy({ min, max: min }, 3).min, 3)).toBeGreaterThanOrEqual(min);
  });
});
