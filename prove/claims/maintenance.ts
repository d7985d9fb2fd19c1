import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { commonMinutes, type Span, weeklySpan } from "../time/windows";
import { type Claim, decided, notApplicable, unknown } from "./claim";

/** Stores that AWS maintains in a window of the week, by the argument with the window. */
const WINDOWS: Readonly<Record<string, string>> = {
  aws_rds_cluster: "preferred_maintenance_window",
  aws_rds_cluster_instance: "preferred_maintenance_window",
  aws_db_instance: "maintenance_window",
  aws_elasticache_replication_group: "maintenance_window",
};

interface Window {
  readonly address: string;
  readonly region: string | undefined;
  readonly written: string | undefined;
  readonly span: Span | undefined;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_UpgradeDBInstance.Maintenance.html */
export const MAINTENANCE_CLAIMS: readonly Claim[] = [
  {
    id: "B4",
    title: "AWS maintains the data stores of two regions at different times",
    decide: (graph, stacks) => {
      const own = windowsOf(graph);
      const others = stacks.filter((other) => other !== graph).flatMap(windowsOf);
      if (own.length === 0 || others.length === 0) return notApplicable("There is no maintenance in two regions.");
      if ([...own, ...others].some(({ region }) => region === undefined)) return unknown("The provider names no region.");
      const faults = own.flatMap((window) => {
        if (window.written === undefined)
          return [`${window.address} has no maintenance window: AWS chooses one, also at the time of another region.`];
        if (!window.span) return [`${window.address} has the maintenance window ${window.written}, which AWS does not accept.`];
        return others.flatMap((other) => overlapFaults(window, other));
      });
      return decided(
        faults,
        own.map(({ address, written }) => `${address}: ${String(written)}`),
        "No minute of the week is in a window of two regions.",
      );
    },
  },
];

function windowsOf(graph: Graph): readonly Window[] {
  return Object.entries(WINDOWS).flatMap(([type, argument]) =>
    graph.all(type).map((resource) => {
      const written = graph.text(resource.values[argument]);
      return {
        address: resource.address,
        region: regionOf(graph, resource),
        written,
        span: written === undefined ? undefined : weeklySpan(written),
      };
    }),
  );
}

function overlapFaults(window: Window, other: Window): string[] {
  const minutes = window.span && other.span && other.region !== window.region ? commonMinutes(window.span, other.span) : 0;
  return minutes === 0
    ? []
    : [
        `AWS may maintain ${window.address} in ${String(window.region)} and ${other.address} in ${String(other.region)} at once, for ${minutes} minutes of the week.`,
      ];
}
