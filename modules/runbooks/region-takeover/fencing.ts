import { FAILURE, parallel, type State } from "../states";
import { invoke } from "../tasks";
import type { TakeoverProps } from "./common";

/**
 * Routes clients to this region and freezes writes in all others, at the same time. Neither of them stops the other one: the
 * result in `$.fenced` is `[{ failed }, { notFrozen }]`, the regions for which it failed. Both are repeated at the end.
 * @param suffix part of the names of the inner states, which must be unique in the definition
 */
export function fenceOthers(
  { functionArn, region, regions }: TakeoverProps,
  { suffix, next, onError }: { readonly suffix: string; readonly next: string; readonly onError: string },
): State {
  const others = regions.filter((name) => name !== region);
  const branch = (name: string, request: object, field: string, failed: readonly string[]): object => ({
    StartAt: `${name}${suffix}`,
    States: {
      [`${name}${suffix}`]: invoke(functionArn, request, {
        result: { ResultSelector: { [`${field}.$`]: `$.Payload.${field}` }, ResultPath: "$.answer" },
        next: `${name}Ended${suffix}`,
        catchers: [{ next: `${name}Failed${suffix}` }],
      }),
      [`${name}Failed${suffix}`]: { Type: "Pass", Parameters: { [field]: failed, "cause.$": `${FAILURE}.Cause` }, End: true },
      [`${name}Ended${suffix}`]: { Type: "Pass", Parameters: { [`${field}.$`]: `$.answer.${field}` }, End: true },
    },
  });
  return parallel({
    branches: [
      branch("RouteClients", { action: "route-clients", to: region }, "failed", [region]),
      branch("FreezeOthers", { action: "freeze-others" }, "notFrozen", others),
    ],
    resultPath: "$.fenced",
    next,
    catcher: { next: onError },
  });
}
