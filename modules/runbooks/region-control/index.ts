import { routeClients } from "./dns-hold";
import { earlierTakeovers } from "./executions";
import { type GlobalDatabaseState, inspect, switchOver } from "./global-database";
import { checkReadiness, type Readiness } from "./readiness";
import { freezeOthers, restoredCluster, setWrites, type Writes } from "./writes";

export { fence } from "./fence";

/** The calls of the region takeover to other regions. Step Functions calls services of its own region only. */
export type Request =
  | { readonly action: "inspect" }
  | { readonly action: "find-executions"; readonly execution: string }
  | { readonly action: "check-readiness" }
  | { readonly action: "route-clients"; readonly to: string }
  | { readonly action: "freeze-others" }
  | { readonly action: "set-writes"; readonly region: string; readonly writes: Writes }
  | { readonly action: "switch-over"; readonly primaryRegion: string };

export interface Inspection extends GlobalDatabaseState {
  /** Identifier of a restored cluster that tasks use after a rewind, or empty. */
  readonly restored: string;
}

type Response =
  | Inspection
  | Readiness
  | { readonly others: readonly string[] }
  | { readonly failed: readonly string[] }
  | { readonly notFrozen: readonly string[] }
  | Record<string, never>;

/** @throws the error of AWS when it refuses a call */
export async function handler(request: Request): Promise<Response> {
  switch (request.action) {
    case "inspect":
      return { ...(await inspect()), restored: await restoredCluster() };
    case "find-executions":
      return { others: await earlierTakeovers(request.execution) };
    case "check-readiness":
      return checkReadiness();
    case "route-clients":
      return { failed: await routeClients(request.to) };
    case "freeze-others":
      return { notFrozen: await freezeOthers() };
    case "set-writes":
      await setWrites(request.region, request.writes);
      return {};
    case "switch-over":
      await switchOver(request.primaryRegion);
      return {};
  }
}
