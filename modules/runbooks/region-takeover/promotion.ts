import { poll } from "../poll";
import { END, FAILURE, forEach, parallel, type State, text } from "../states";
import { call, invoke } from "../tasks";
import { inspectGlobalDatabase, POLL_SECONDS, type TakeoverProps } from "./common";

export const PROMOTION_HOURS = 1;
/** Within two minutes, a request whose response was an error, or was lost, must have an effect. */
const ATTEMPTS_AFTER_REFUSAL = 8;

/** Promotes the database and scales the services at the same time. */
export function promoteAndScale(props: TakeoverProps): Record<string, State> {
  return {
    PromoteAndScale: parallel({
      branches: [promote(props), scale()],
      resultPath: "$.results",
      next: "FindEndpoints",
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
        { next: "ResetPromotionAttempts", catchers },
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

function awaitPromotion({ functionArn }: TakeoverProps): Record<string, State> {
  return {
    ...poll({
      name: "Promotion",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: PROMOTION_HOURS,
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

/** Scales the services to the size of a primary region. A failure is reported and does not stop the promotion. */
function scale(): object {
  return {
    StartAt: "ScaleServices",
    States: {
      ScaleServices: forEach({
        itemsPath: "$.plan.services",
        states: {
          RegisterScalableTarget: call(
            "applicationautoscaling",
            "registerScalableTarget",
            {
              ServiceNamespace: "ecs",
              ScalableDimension: "ecs:service:DesiredCount",
              "ResourceId.$": "$.resource",
              "MinCapacity.$": "$.min",
              "MaxCapacity.$": "$.max",
            },
            { next: END },
          ),
        },
        next: "ServicesScaled",
        catcher: { next: "ServicesNotScaled" },
      }),
      ServicesScaled: { Type: "Pass", Parameters: { message: "The services are scaled to the size of a primary region." }, End: true },
      ServicesNotScaled: {
        Type: "Pass",
        Parameters: { "message.$": text("The services could NOT be scaled to the size of a primary region: {}.", `${FAILURE}.Cause`) },
        End: true,
      },
    },
  };
}
