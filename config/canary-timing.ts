/** Seconds to start, beside the attempts. */
const START_SECONDS = 10;
/** As often as a canary asks before it gives up. */
const ATTEMPTS = 2;

/** Seconds that a run of a canary may take, so that its last attempt gets all of its time. */
export function canaryRunSeconds(maxLatencySeconds: number): number {
  return ATTEMPTS * maxLatencySeconds + START_SECONDS;
}

/** The longest latency with which runs so many minutes apart do not overlap. */
export function longestCanaryLatency(everyMinutes: number): number {
  return Math.floor((everyMinutes * 60 - START_SECONDS) / ATTEMPTS);
}
