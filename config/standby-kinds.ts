/** Capacity and recovery time of each kind of standby region. Every synth prints that of its standby regions. */
export const RECOVERY = {
  hot: "the same capacity; serves reads immediately, and writes after the promotion of its database (minutes)",
  warm: "one task in each zone and one database instance; serves part of the load immediately, all of it after 1 to 3 minutes of scaling, and writes after the promotion of its database (minutes)",
  "pilot-light":
    "no task and no database instance, only the replicated data; serves after instances and tasks are created, 15 to 30 minutes",
} as const;
