import { problemIf, type Rule } from "./rule";

/** Windows of a practice run configuration. @see https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_PracticeRunConfiguration.html */
const MOST_WINDOWS = 15;
const SOURCE = "https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_PracticeRunConfiguration.html";
const TIME = "([01]\\d|2[0-3]):[0-5]\\d";
const WINDOW = new RegExp(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):(?<from>${TIME})-\\1:(?<to>${TIME})$`);

/** Zonal shift and zonal autoshift. Every region has three zones and two tasks in each, so all of them can lose one. */
export const ZONAL_SHIFT_RULES: readonly Rule[] = [
  {
    reads: ["zonal_shift.hours", "zonal_shift.max_hours"],
    check: ({ zonal_shift: { hours, max_hours: given } }) =>
      problemIf(given < hours, {
        where: "zonal_shift.max_hours",
        given,
        why: `is below the hours of one shift (${hours}): the runbook could not start any`,
        instead: `max_hours = ${hours} or more`,
      }),
  },
  {
    reads: ["zonal_shift.automatic", "runbooks.enabled"],
    check: ({ given: file, zonal_shift: { automatic: given }, runbooks }) =>
      problemIf(given && !runbooks.enabled && isSetTrue(file["zonal_shift"]), {
        where: "zonal_shift.automatic",
        given,
        why: "requires the runbooks, which are not enabled",
        instead: "runbooks = { enabled = true }, or automatic = false",
      }),
  },
  {
    reads: ["zonal_shift.blocked_windows", "zonal_shift.autoshift"],
    check: ({ zonal_shift: { blocked_windows: windows, autoshift } }) => [
      ...problemIf(windows.length > 0 && !autoshift, {
        where: "zonal_shift.blocked_windows",
        given: windows,
        why: "has no effect without zonal autoshift, which alone has practice runs",
        instead: "autoshift = true, or []",
      }),
      ...problemIf(windows.length > MOST_WINDOWS, {
        where: "zonal_shift.blocked_windows",
        given: windows,
        why: `has ${windows.length} windows; AWS accepts ${MOST_WINDOWS}`,
        instead: `up to ${MOST_WINDOWS} windows`,
        source: SOURCE,
      }),
      ...windows.flatMap((given, index) =>
        problemIf(!isWindow(given), {
          where: `zonal_shift.blocked_windows[${index}]`,
          given,
          why: "is no window that starts and ends on the same day",
          instead: '"Mon:08:00-Mon:18:00"',
          source: SOURCE,
        }),
      ),
    ],
  },
];

function isSetTrue(table: unknown): boolean {
  return typeof table === "object" && table !== null && (table as Readonly<Record<string, unknown>>)["automatic"] === true;
}

function isWindow(text: string): boolean {
  const { from, to } = WINDOW.exec(text)?.groups ?? {};
  return from !== undefined && to !== undefined && from < to;
}
