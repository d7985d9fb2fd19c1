const MINUTES_PER_DAY = 24 * 60;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Whether a daily window (`03:00-04:00`) and a weekly one (`sun:05:00-sun:06:00`) have a minute in common. */
export function windowsOverlap(daily: string, weekly: string): boolean {
  const minute = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const span = (from: number, to: number, round: number): [number, number] => [from, to > from ? to : to + round];
  const week = 7 * MINUTES_PER_DAY;
  const weeklyMinute = (moment: string): number => DAYS.indexOf(moment.slice(0, 3)) * MINUTES_PER_DAY + minute(moment.slice(4));
  const [maintenanceStart, maintenanceEnd] = weekly.split(/-(?=[a-z])/).map(weeklyMinute) as [number, number];
  const maintenance = span(maintenanceStart, maintenanceEnd, week);
  const [backupStart, backupEnd] = daily.split("-").map(minute) as [number, number];
  const backup = span(backupStart, backupEnd, MINUTES_PER_DAY);
  // The backups from the day before the week to the day after it, because windows can cross midnight.
  return Array.from({ length: 16 }, (_, day) => (day - 1) * MINUTES_PER_DAY).some(
    (offset) => backup[0] + offset < maintenance[1] && maintenance[0] < backup[1] + offset,
  );
}
