/** Seconds for the start, in addition to the attempts. */
const START_SECONDS = 10;
/** Attempts of a canary before it fails. */
const ATTEMPTS = 2;

/** Maximum duration of a canary run in seconds, with time for the whole last attempt. */
export function canaryRunSeconds(maxLatencySeconds: number): number {
  return ATTEMPTS * maxLatencySeconds + START_SECONDS;
}

/** The longest latency with which consecutive runs do not overlap. */
export function longestCanaryLatency(everyMinutes: number): number {
  return Math.floor((everyMinutes * 60 - START_SECONDS) / ATTEMPTS);
}
