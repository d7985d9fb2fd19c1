const MINUTES_PER_DAY = 24 * 60;
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * Minimum of RDS, and the window of each instance.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
 */
const INSTANCE_MINUTES = 30;

/** Minutes since the start of a day or of the week. The end is after the start, also across midnight. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether a daily window (`03:00-04:00`) and a weekly one (`sun:05:00-sun:06:00`) have a minute in common. */
export function windowsOverlap(daily: string, weekly: string): boolean {
  return overlapping(dailySpan(daily), weeklySpan(weekly)) !== undefined;
}

/** Length of a daily or weekly window. */
export function windowMinutes(window: string): number {
  const { start, end } = /^[a-z]/.test(window) ? weeklySpan(window) : dailySpan(window);
  return end - start;
}

/** The weekly window of a region: each region is maintained a day earlier than the one in front of it, the primary last. */
export function regionalWindow(weekly: string, regions: readonly { readonly name: string }[], region: string): string {
  const { start, end } = weeklySpan(weekly);
  const days = regions.findIndex(({ name }) => name === region);
  return formatWeekly({ start: start - days * MINUTES_PER_DAY, end: end - days * MINUTES_PER_DAY });
}

/**
 * The weekly windows of a cluster's instances, in the order of the instances. They follow the window of the cluster one
 * after the other, outside the backup window. The first instance, which is the first writer, is the last.
 * @param weekly window of the cluster
 */
export function instanceWindows(weekly: string, daily: string, instances: number): string[] {
  return instanceSpans(weekly, daily, instances).map(formatWeekly).reverse();
}

/** Whether the cluster and all its instances are maintained within 24 hours, so that the regions are maintained on different days. */
export function instanceWindowsFit(weekly: string, daily: string, instances: number): boolean {
  const spans = instanceSpans(weekly, daily, instances);
  return spans.length === instances && (spans.at(-1)?.end ?? 0) - weeklySpan(weekly).start <= MINUTES_PER_DAY;
}

/** Fewer spans than instances if the backup window leaves no room. */
function instanceSpans(weekly: string, daily: string, instances: number): Span[] {
  const backup = dailySpan(daily);
  const spans: Span[] = [];
  if (backup.end - backup.start > MINUTES_PER_DAY - INSTANCE_MINUTES) return spans;
  let { end: start } = weeklySpan(weekly);
  while (spans.length < instances) {
    const span = { start, end: start + INSTANCE_MINUTES };
    const conflict = overlapping(backup, span);
    if (!conflict) spans.push(span);
    start = conflict?.end ?? span.end;
  }
  return spans;
}

/** The occurrence of a daily span that has a minute in common with another span. */
function overlapping(daily: Span, other: Span): Span | undefined {
  // From the day before the span to the day after it, because both can cross midnight.
  const first = Math.floor(other.start / MINUTES_PER_DAY) - 1;
  const last = Math.ceil(other.end / MINUTES_PER_DAY);
  return Array.from({ length: last - first + 1 }, (_, day) => (first + day) * MINUTES_PER_DAY)
    .map((offset) => ({ start: daily.start + offset, end: daily.end + offset }))
    .find(({ start, end }) => start < other.end && other.start < end);
}

function dailySpan(daily: string): Span {
  const [start = 0, end = 0] = daily.split("-").map(minuteOfDay);
  return { start, end: end > start ? end : end + MINUTES_PER_DAY };
}

function weeklySpan(weekly: string): Span {
  const [start = 0, end = 0] = weekly.split(/-(?=[a-z])/).map((moment) => {
    return DAYS.indexOf(moment.slice(0, 3)) * MINUTES_PER_DAY + minuteOfDay(moment.slice(4));
  });
  return { start, end: end > start ? end : end + MINUTES_PER_WEEK };
}

function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function formatWeekly({ start, end }: Span): string {
  return [start, end].map(formatMoment).join("-");
}

function formatMoment(minutes: number): string {
  const minute = ((minutes % MINUTES_PER_WEEK) + MINUTES_PER_WEEK) % MINUTES_PER_WEEK;
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  const day = DAYS[Math.floor(minute / MINUTES_PER_DAY)] ?? "";
  return `${day}:${twoDigits(Math.floor((minute % MINUTES_PER_DAY) / 60))}:${twoDigits(minute % 60)}`;
}
