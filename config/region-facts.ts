/** Namespace of the metrics that the platform publishes itself, with the dimension `EnvironmentSuffix`. */
export const FACTS_NAMESPACE = "Standfast";

/** What each region counts every five minutes, as a metric of this name. */
export type RegionCount = "UnusableKeys";

/** What each region of several reports about itself every minute, as a metric of this name: 1 if it is so, 0 if not. */
export type RegionFact =
  "DatabaseIsWriter" | "ServiceResolvesHere" | "WritesAllowed" | "ClientsWithoutWriter" | "WriterSilent" | "ReplicationSilent";
