/** What each kind of standby needs until it serves alone, said at every synth. */
export const RECOVERY = {
  hot: "the same capacity: serves reads at once, and writes as soon as its database is promoted (minutes)",
  warm: "one task in each zone and one database instance: serves a little at once, all of it after 1 to 3 minutes of scaling, and writes as soon as its database is promoted (minutes)",
  "pilot-light": "no task and no database instance, only the replicated data: serves after instances and tasks are made, 15 to 30 minutes",
} as const;
