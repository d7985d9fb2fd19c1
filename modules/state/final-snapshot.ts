import type { Construct } from "constructs";
import { firstValues } from "./first-value";

/**
 * The name of the final snapshot of a cluster: `final-<identifier>-<time>`. The time is that of the apply that configures the
 * snapshot, so that an environment that is created again under the same suffix has another name: a destroy fails if a
 * snapshot of that name exists. It stays the same until a change replaces the cluster.
 * @param replacedBy arguments that replace the cluster, or may replace it. A change in place renames the snapshot only.
 */
export function finalSnapshotName(scope: Construct, identifier: string, replacedBy: Readonly<Record<string, string>>): string {
  const now = '${formatdate("YYYYMMDDhhmmss", timestamp())}';
  return `final-${identifier}-\${${firstValues(scope, "final-snapshot-time", { time: now }, replacedBy)}.time}`;
}
