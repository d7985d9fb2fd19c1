import type { Precondition } from "cdktf";
import type { Construct } from "constructs";
import { firstValue } from "../state/first-value";
import { backtrackSeconds, type Engine } from "./engine";

/**
 * Part of the cluster's lifecycle: a plan fails that adds backtrack to an existing cluster. RDS enables it only when it creates a
 * cluster of Aurora MySQL.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html
 */
export function backtrackGuard(scope: Construct, engine: Engine): { readonly precondition?: Precondition[] } {
  if (engine.kind !== "aurora-mysql") return {};
  const seconds = backtrackSeconds(engine) ?? 0;
  const first = firstValue(scope, "first-backtrack", String(seconds));
  if (seconds === 0) return {};
  return {
    precondition: [
      {
        condition: `\${${first} != "0"}`,
        errorMessage:
          "The cluster was created without backtrack, and RDS cannot enable it later. Remove backtrack_hours in terraform.tfvars and run cdktf synth again, or create a second environment and move the data.",
      },
    ],
  };
}
