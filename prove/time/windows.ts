const DAY = 24 * 60;
const WEEK = 7 * DAY;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Minutes of the week, from Monday 00:00 UTC. The end is after the start, also across the end of the week. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A weekly window of RDS or ElastiCache: `sun:05:00-sun:06:00`. Undefined for what AWS does not accept. */
export function weeklySpan(window: string): Span | undefined {
  const [, from, to] = /^([a-z]{3}:\d\d:\d\d)-([a-z]{3}:\d\d:\d\d)$/.exec(window.toLowerCase()) ?? [];
  const start = minuteOfWeek(from);
  const end = minuteOfWeek(to);
  if (start === undefined || end === undefined || start === end) return undefined;
  return { start, end: end > start ? end : end + WEEK };
}

/** Minutes of a week that two windows have in common. */
export function commonMinutes(one: Span, other: Span): number {
  const shared = [-WEEK, 0, WEEK].map((offset) => Math.min(one.end, other.end + offset) - Math.max(one.start, other.start + offset));
  return shared.filter((minutes) => minutes > 0).reduce((sum, minutes) => sum + minutes, 0);
}

function minuteOfWeek(moment = ""): number | undefined {
  const [day = "", hour = "", minute = ""] = moment.split(":");
  const index = DAYS.indexOf(day);
  return index < 0 || Number(hour) > 23 || Number(minute) > 59 ? undefined : index * DAY + Number(hour) * 60 + Number(minute);
}
