import type { State } from "../states";
import { invoke } from "../tasks";
import type { TakeoverProps } from "./common";
import { routeClients } from "./dns";

/**
 * Freezes writes in the former primary. A switchover requires it, and routes clients to this region next. In a failover
 * it is best effort. Begins at `Freeze` or `FreezeIfPossible`.
 */
export function freezeWrites({ functionArn }: TakeoverProps): Record<string, State> {
  const request = { do: "set-writes", "region.$": "$.seen.primaryRegion", to: "frozen" };
  return {
    Freeze: invoke(functionArn, request, { next: "LeadClientsHere", catchers: [{ next: "AllowWritesThere" }] }),
    LeadClientsHere: routeClients({
      switchesPath: "$.plan.here",
      suffix: "TakeOver",
      next: "TakeOver",
      catcher: { next: "AllowWritesThere" },
    }),
    FreezeIfPossible: invoke(functionArn, request, { next: "TakeOver", catchers: [{ next: "TakeOver", resultPath: "$.notFrozen" }] }),
  };
}
