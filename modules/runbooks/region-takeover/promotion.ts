import { poll } from "../poll";
import { failWith, parallel, type State, text } from "../states";
import { call, invoke } from "../tasks";
import { hasItem, inspectGlobalDatabase, POLL_SECONDS, progress, type TakeoverProps } from "./common";
import { fenceOthers } from "./fencing";
import { scale } from "./scaling";

export const PROMOTION_HOURS = 1;
/** Within two minutes, a request whose response was an error, or was lost, must have an effect. */
const ATTEMPTS_AFTER_REFUSAL = 8;

/**
 * Fences the other regions, then promotes the database and scales the services at the same time. A switchover requires that
 * the primary region is frozen and that clients are routed here; in a failover both are best effort. Begins at `FenceOthers`.
 */
export function promoteAndScale(props: TakeoverProps): Record<string, State> {
  return {
    FenceOthers: fenceOthers(props, { suffix: "BeforePromotion", next: "CheckFenced", onError: "InspectAfterFailure" }),
    CheckFenced: {
      Type: "Choice",
      Choices: [
        { Variable: "$.globalDatabase.phase", StringEquals: "primary", Next: "PromoteAndScale" },
        { Variable: "$.mode", StringEquals: "failover", Next: "PromoteAndScale" },
        { Or: [hasItem("$.fenced[0].failed"), hasItem("$.fenced[1].notFrozen")], Next: "FailNotFenced" },
      ],
      Default: "PromoteAndScale",
    },
    FailNotFenced: failWith(
      "RegionTakeover.NotFenced",
      text(
        "A switchover requires that writes are frozen in every other region and that DNS routes clients here. Not frozen: {}. Not switched: {}.",
        "States.JsonToString($.fenced[1].notFrozen)",
        "States.JsonToString($.fenced[0].failed)",
      ),
      "InspectAfterFailure",
    ),
    PromoteAndScale: parallel({
      branches: [promote(props), scale(props)],
      resultPath: "$.results",
      next: "AllowWrites",
      catcher: { next: "InspectAfterFailure" },
    }),
  };
}

/** Makes the cluster of this region the primary of the global database. */
function promote(props: TakeoverProps): object {
  const { functionArn, globalCluster, cluster } = props;
  // An error does not end the wait: AWS may have accepted a request whose response was lost, and then refuses its retry.
  const catchers = [{ next: "ResetPromotionAttempts", resultPath: "$.promotionError" }];
  return {
    StartAt: "IsAlreadyPrimary",
    States: {
      IsAlreadyPrimary: {
        Type: "Choice",
        Choices: [
          { Variable: "$.globalDatabase.phase", StringEquals: "primary", Next: "Promoted" },
          { Variable: "$.mode", StringEquals: "switchover", Next: "SwitchOver" },
        ],
        Default: "FailOver",
      },
      SwitchOver: invoke(
        functionArn,
        { action: "switch-over", "primaryRegion.$": "$.globalDatabase.primaryRegion" },
        { next: "ResetPromotionAttempts", catchers, idempotent: false },
      ),
      FailOver: call(
        "rds",
        "failoverGlobalCluster",
        { GlobalClusterIdentifier: globalCluster, TargetDbClusterIdentifier: cluster.arn, AllowDataLoss: true },
        { next: "ResetPromotionAttempts", catchers },
      ),
      ...awaitPromotion(props),
      Promoted: { Type: "Pass", Parameters: { message: "The database of this region is the primary." }, End: true },
    },
  };
}

function awaitPromotion(props: TakeoverProps): Record<string, State> {
  const { functionArn } = props;
  return {
    ...poll({
      name: "Promotion",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: PROMOTION_HOURS,
      progress: progress(props, "The promotion of the database"),
      // An attempt that fails does not end the wait.
      describe: (next) => inspectGlobalDatabase(functionArn, next, next, "$.inspectionError"),
      statusPath: "$.globalDatabase.phase",
      successStatus: "primary",
      failurePattern: "missing",
      onSuccess: "Promoted",
      onFailure: "PromotionFailed",
      exits: [
        {
          conditions: [
            { Variable: "$.promotionError", IsPresent: true },
            { Variable: "$.globalDatabase.phase", StringEquals: "secondary" },
          ],
          attempts: ATTEMPTS_AFTER_REFUSAL,
          next: "PromotionRefused",
        },
      ],
    }),
    PromotionRefused: { Type: "Fail", ErrorPath: "$.promotionError.Error", CausePath: "$.promotionError.Cause" },
    PromotionFailed: {
      Type: "Fail",
      Error: "RegionTakeover.PromotionFailed",
      Cause: "The promotion of the database did not complete.",
    },
  };
}
