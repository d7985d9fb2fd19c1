import type { State } from "../states";
import { invoke } from "../tasks";
import type { TakeoverProps } from "./common";
import { routeClients } from "./dns";

/**
 * Freezes writes in the former primary. A switchover requires it, and routes clients to this region next. In a failover
 * it is best effort. Begins at `FreezeWrites` or `FreezeWritesBestEffort`.
 */
export function freezeWrites({ functionArn }: TakeoverProps): Record<string, State> {
  const request = { action: "set-writes", "region.$": "$.globalDatabase.primaryRegion", writes: "frozen" };
  return {
    FreezeWrites: invoke(functionArn, request, { next: "RouteClientsHere", catchers: [{ next: "AllowWritesInPrimary" }] }),
    RouteClientsHere: routeClients({
      switchesPath: "$.plan.healthChecks",
      suffix: "BeforePromotion",
      next: "PromoteAndScale",
      catcher: { next: "AllowWritesInPrimary" },
    }),
    FreezeWritesBestEffort: invoke(functionArn, request, {
      next: "PromoteAndScale",
      catchers: [{ next: "PromoteAndScale", resultPath: "$.freezeError" }],
    }),
  };
}
