/** Name of the second service of a release in steps, in names and for service discovery. No other service can have it. */
export const CANDIDATE = "candidate";

/** Priority of the listener rule that shares the requests: the last, so that every path of another service comes first. */
export const CANDIDATE_PRIORITY = 50_000;
