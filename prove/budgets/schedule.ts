const DAY = 24 * 3600;
/** Days over which a schedule is played: longer than any month. */
const PLAYED_DAYS = 70;
const START = Date.UTC(2026, 0, 1) / 1000;
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * The seconds at which a schedule of AWS runs, from a fixed day on. Undefined for what is not read: `L`, `W`, `#`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
 */
export function runsOf(expression: string): readonly number[] | undefined {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count !== undefined) {
    const every = Number(count) * (unit === "day" ? DAY : unit === "hour" ? 3600 : 60);
    return Array.from({ length: Math.floor((PLAYED_DAYS * DAY) / every) }, (_, index) => index * every);
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  const [minutes, hours, days, months, weekdays] = [
    valuesOf(fields[0], 0, 59),
    valuesOf(fields[1], 0, 23),
    valuesOf(fields[2], 1, 31),
    valuesOf(fields[3], 1, 12),
    valuesOf(
      fields[4]?.replaceAll(/[A-Z]{3}/g, (day) => String(WEEKDAYS.indexOf(day) + 1)),
      1,
      7,
    ),
  ];
  if (fields.length !== 6 || !minutes || !hours || !days || !months || !weekdays) return undefined;
  return Array.from({ length: PLAYED_DAYS }, (_, day) => day).flatMap((day) => {
    const date = new Date((START + day * DAY) * 1000);
    const runs = days.has(date.getUTCDate()) && months.has(date.getUTCMonth() + 1) && weekdays.has(date.getUTCDay() + 1);
    return runs ? [...hours].flatMap((hour) => [...minutes].map((minute) => day * DAY + hour * 3600 + minute * 60)) : [];
  });
}

function valuesOf(field: string | undefined, least: number, most: number): ReadonlySet<number> | undefined {
  if (field === undefined) return undefined;
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [, from, to, step] = /^(\*|\?|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined) return undefined;
    const every = from === "*" || from === "?";
    const first = every ? least : Number(from);
    const last = to !== undefined ? Number(to) : every || step !== undefined ? most : first;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

/** The longest time between two runs of several schedules together. Undefined with fewer than two runs. */
export function longestGap(runs: readonly number[]): number | undefined {
  const sorted = [...new Set(runs)].sort((one, other) => one - other);
  const gaps = sorted.slice(1).map((run, index) => run - (sorted[index] ?? run));
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}
