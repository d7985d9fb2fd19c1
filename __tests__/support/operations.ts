import { readFileSync } from "node:fs";

/** An operation of AWS, as a client calls it. */
export interface Operation {
  /** Name that requests are signed for, e.g. `monitoring` for CloudWatch. */
  readonly service: string;
  readonly operation: string;
}

/** What Terraform has called, in its order, from the emulator's log. */
export function operationsIn(log: string): Operation[] {
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { service: string; operation: string | null; action: string; terraform: boolean })
    .filter(({ terraform }) => terraform)
    .map(({ service, operation, action }) => {
      if (operation === null) throw new Error(`an operation of ${service} that the emulator cannot name: ${action}`);
      return { service, operation };
    });
}
