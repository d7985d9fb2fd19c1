import type { Kind, Pledge } from "./budget";

const FAILURES = "docs/availability.md, what happens when something is lost";
const DATA = "docs/data.md, where the data are";

/** What the documentation promises for each kind of failure. Kinds without a bound of AWS have no promise. */
export const PLEDGES: Readonly<Partial<Record<Kind, Pledge>>> = {
  task: { seconds: 13, where: FAILURES },
  dns: { seconds: 60, where: FAILURES },
  connection: { seconds: 60, where: FAILURES },
  writer: { seconds: 60, where: FAILURES },
  takeover: { seconds: 600, where: FAILURES },
  "zone-nat": { seconds: 0, where: FAILURES },
  "zone-shift": { seconds: 420, where: FAILURES },
  "hear-errors": { seconds: 180, where: "docs/failures.md" },
  "hear-task": { seconds: 300, where: "docs/failures.md" },
  "hear-writer": { seconds: 300, where: "docs/failures.md" },
  "hear-region": { seconds: 300, where: "docs/failures.md" },
  backup: { seconds: 7 * 3600, where: DATA },
};
