import { describe, expect, it } from "@jest/globals";
import { cpuLimitForZoneLoss } from "../../config/capacity";
import { alarmsOn } from "../support/alarms";
import { oneRegion } from "../support/synthesized";

describe("the limit of the CPU", () => {
  it.each([
    [6, 3, 66],
    [9, 3, 66],
    [7, 3, 57],
    [3, 3, 66],
    [2, 3, 50],
    [4, 2, 50],
    [12, 4, 75],
    [50, 6, 82],
    [1, 3, 85],
  ])("of %i tasks in %i zones leaves the capacity of a lost zone in the others: %i %", (tasks, zones, limit) => {
    expect(cpuLimitForZoneLoss(tasks, zones)).toBe(limit);
  });

  it("never lets the load of the fullest zone exceed what the other tasks have left", () => {
    for (let zones = 2; zones <= 6; zones++)
      for (let tasks = 2; tasks <= 60; tasks++) {
        const remaining = tasks - Math.ceil(tasks / zones);
        expect((cpuLimitForZoneLoss(tasks, zones) * tasks) / remaining).toBeLessThanOrEqual(100);
      }
  });

  it("is that of the alarm of each service, by its tasks", () => {
    const cpu = alarmsOn(oneRegion({ service: { tasks: 7 } }), "CPUUtilization").filter(({ namespace }) => namespace === "AWS/ECS");
    expect(cpu).toMatchObject([{ threshold: 57, alarm_description: expect.stringContaining("more than 57 % of their CPU") }]);
  });

  it("of the readers of the database leaves the capacity of one of them in the others", () => {
    const readers = (count: number) =>
      alarmsOn(oneRegion({ database: { readers: count } }), "CPUUtilization")
        .filter(({ dimensions }) => (dimensions as Record<string, string>)["Role"] === "READER")
        .map(({ threshold }) => threshold);
    expect([readers(1), readers(2), readers(3)]).toEqual([[], [50], [66]]);
  });
});
