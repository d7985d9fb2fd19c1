const MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC";
const DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT";

/** A field with values, ranges and steps: `MON-FRI`, `0/15`, `8,12`. */
function field(value: string): RegExp {
  const range = `(${value})(-(${value}))?`;
  const item = `((\\*|${range})(/\\d{1,2})?)`;
  return new RegExp(`^${item}(,${item})*$`);
}

const MINUTES = field("[0-5]?\\d");
const HOURS = field("[01]?\\d|2[0-3]");
const DAY_OF_MONTH = field("0?[1-9]|[12]\\d|3[01]");
const MONTH = field(`0?[1-9]|1[0-2]|${MONTHS}`);
const DAY_OF_WEEK = field(`[1-7]|${DAYS}`);
const YEAR = field("19[7-9]\\d|2[01]\\d\\d");

/**
 * Whether AWS accepts the time of a scheduled action, `cron(0 7 ? * MON-FRI *)` or `at(2026-11-21T07:30:00)`. One of the two
 * fields for days must be `?`.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
 */
export function isSchedule(text: string): boolean {
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(text)?.[1];
  if (at !== undefined) return isDate(at);
  const fields = /^cron\((.+)\)$/.exec(text)?.[1]?.split(" ") ?? [];
  const [minutes = "", hours = "", day = "", month = "", weekday = "", year = "", ...others] = fields;
  return (
    others.length === 0 &&
    (day === "?") !== (weekday === "?") &&
    MINUTES.test(minutes) &&
    HOURS.test(hours) &&
    (day === "?" || DAY_OF_MONTH.test(day) || /^(L|L-\d{1,2}|([1-9]|[12]\d|3[01])W|LW)$/.test(day)) &&
    MONTH.test(month) &&
    (weekday === "?" || DAY_OF_WEEK.test(weekday) || new RegExp(`^([1-7]|${DAYS})(L|#[1-5])$`).test(weekday)) &&
    YEAR.test(year)
  );
}

/** Hours by which the time zone of an action can be behind UTC. */
const MOST_HOURS_BEHIND = 12;

/** Whether a valid time of a scheduled action has passed, so that the action never runs. */
export function isPast(text: string, today: Date): boolean {
  const at = /^at\((.+)\)$/.exec(text)?.[1];
  if (at !== undefined) return Date.parse(`${at}Z`) + MOST_HOURS_BEHIND * 3_600_000 < today.getTime();
  const year = text.slice(0, -1).split(" ").at(-1) ?? "";
  const years = [...year.matchAll(/\d{4}/g)].map(Number);
  // A step, as in 2020/2, has no end.
  return years.length > 0 && !/[*/]/.test(year) && Math.max(...years) < today.getUTCFullYear();
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}Z`);
  // Dates such as 30 February are read as another day.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
