const DAY = 24 * 60;
/** Long enough for every day of the month and every month. */
const HORIZON_DAYS = 2 * 366;
const FIRST_DAY = Date.UTC(2027, 0, 1);
const MILLISECONDS = DAY * 60_000;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const UNITS: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: DAY };

/**
 * Minutes by which the clocks of a time zone are ahead of UTC, in winter. Undefined for a zone that does not exist.
 * @param zone `America/New_York`
 */
export function minutesAhead(zone: string): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(new Date(FIRST_DAY));
    const [, sign = "+", hours = "0", minutes = "0"] =
      /GMT([+-])(\d+):(\d+)/.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return undefined;
  }
}

/**
 * The minutes at which a schedule starts, in the course of two years. Undefined for what AWS does not accept, or what is not read here
 * (`W` and `#`).
 * @param expression `cron(0 6 * * ? *)` or `rate(1 hour)`
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function startsOf(expression: string): readonly number[] | undefined {
  const rate = rateOf(expression);
  if (rate !== undefined) return Array.from({ length: Math.floor((HORIZON_DAYS * DAY) / rate) }, (_, index) => index * rate);
  const [, body] = /^cron\(([^()]+)\)$/.exec(expression) ?? [];
  const fields = body?.trim().split(/\s+/) ?? [];
  const [minute = "", hour = "", date = "", month = "", weekday = "", year = ""] = fields;
  // One of the two fields for days must be left open.
  if (fields.length !== 6 || (date === "?") === (weekday === "?")) return undefined;
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const months = valuesOf(month, 1, 12, MONTHS, 1);
  const years = valuesOf(year, 1970, 2199);
  const dates = date === "L" ? [] : valuesOf(date === "?" ? "*" : date, 1, 31);
  const weekdays = valuesOf(weekday === "?" ? "*" : weekday, 1, 7, WEEKDAYS, 1);
  if (!minutes || !hours || !months || !years || !dates || !weekdays) return undefined;
  const times = hours.flatMap((one) => minutes.map((other) => one * 60 + other));
  return Array.from({ length: HORIZON_DAYS }, (_, index) => index).flatMap((index) => {
    const day = new Date(FIRST_DAY + index * MILLISECONDS);
    const isLast = new Date(day.getTime() + MILLISECONDS).getUTCDate() === 1;
    const matches =
      years.includes(day.getUTCFullYear()) &&
      months.includes(day.getUTCMonth() + 1) &&
      (date === "L" ? isLast : dates.includes(day.getUTCDate())) &&
      weekdays.includes(day.getUTCDay() + 1);
    return matches ? times.map((time) => index * DAY + time) : [];
  });
}

/** The longest time between two of these starts, in minutes. Infinite without a start. */
export function longestGap(starts: readonly (readonly number[])[]): number {
  const all = [...new Set(starts.flat())].sort((one, other) => one - other);
  const [first] = all;
  const last = all.at(-1);
  if (first === undefined || last === undefined) return Infinity;
  const gaps = all.slice(1).map((start, index) => start - (all[index] ?? 0));
  return gaps.reduce((one, other) => Math.max(one, other), Math.max(first, HORIZON_DAYS * DAY - last));
}

/** The longest time between two starts of one schedule, in minutes. Undefined if its starts are. */
export function gapOf(expression: string): number | undefined {
  const starts = rateOf(expression) === undefined ? startsOf(expression) : undefined;
  return rateOf(expression) ?? (starts && longestGap([starts]));
}

/** The minutes of `rate(5 minutes)`. */
function rateOf(expression: string): number | undefined {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const minutes = Number(count) * (UNITS[unit] ?? 0);
  return minutes > 0 ? minutes : undefined;
}

/** The values of one field, in ascending order. */
function valuesOf(field: string, least: number, most: number, names: readonly string[] = [], offset = 0): readonly number[] | undefined {
  const value = (text: string): number => {
    const index = names.indexOf(text.toUpperCase());
    return index >= 0 ? index + offset : /^\d+$/.test(text) ? Number(text) : NaN;
  };
  const found = field.split(",").map((part): readonly number[] | undefined => {
    const [range = "", step = "1"] = part.split("/");
    const [from = "", to] = range === "*" ? [String(least), String(most)] : range.split("-");
    const first = value(from);
    const last = to === undefined ? (part.includes("/") ? most : first) : value(to);
    const every = Number(step);
    if (![first, last, every].every(Number.isInteger) || first < least || last > most || every < 1) return undefined;
    return Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, index) => first + index * every);
  });
  return found.every((values) => values !== undefined) ? [...new Set(found.flat())].sort((one, other) => one - other) : undefined;
}
