import { poll } from "../poll";
import { END, FAILURE, forEach, parallel, type State, text } from "../states";
import { call, invoke } from "../tasks";
import { inspectGlobalDatabase, POLL_SECONDS, type TakeoverProps } from "./common";

export const PROMOTION_HOURS = 1;
/** Two minutes: after them, a request that was refused, or whose response was lost, must have had an effect. */
const ATTEMPTS_AFTER_REFUSAL = 8;

/** Promotes the database and scales the services at the same time. */
export function promoteAndScale(props: TakeoverProps): Record<string, State> {
  return {
    TakeOver: parallel({
      branches: [promote(props), scale()],
      resultPath: "$.taken",
      next: "FindEndpoints",
      catcher: { next: "LookAgain" },
    }),
  };
}

/** Makes the cluster of this region the primary of the global database. */
function promote(props: TakeoverProps): object {
  const { functionArn, globalCluster, cluster } = props;
  // AWS may have accepted a request whose response was lost, and refuses the repeated one: the global database tells.
  const catchers = [{ next: "AwaitPromotion", resultPath: "$.refused" }];
  return {
    StartAt: "IsPrimaryAlready",
    States: {
      IsPrimaryAlready: {
        Type: "Choice",
        Choices: [
          { Variable: "$.seen.phase", StringEquals: "primary", Next: "Promoted" },
          { Variable: "$.mode", StringEquals: "switchover", Next: "SwitchOver" },
        ],
        Default: "FailOver",
      },
      SwitchOver: invoke(functionArn, { do: "switch-over", "from.$": "$.seen.primaryRegion" }, { next: "AwaitPromotion", catchers }),
      FailOver: call(
        "rds",
        "failoverGlobalCluster",
        { GlobalClusterIdentifier: globalCluster, TargetDbClusterIdentifier: cluster.arn, AllowDataLoss: true },
        { next: "AwaitPromotion", catchers },
      ),
      ...awaitPromotion(props),
      Promoted: { Type: "Pass", Parameters: { says: "The database writes here." }, End: true },
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
      describe: (next) => inspectGlobalDatabase(functionArn, next, next, "$.unseen"),
      statusPath: "$.seen.phase",
      successStatus: "primary",
      failurePattern: "missing",
      onSuccess: "Promoted",
      onFailure: "GiveUpPromotion",
      exits: [
        {
          conditions: [
            { Variable: "$.refused", IsPresent: true },
            { Variable: "$.seen.phase", StringEquals: "secondary" },
          ],
          attempts: ATTEMPTS_AFTER_REFUSAL,
          next: "PromotionRefused",
        },
      ],
    }),
    PromotionRefused: { Type: "Fail", ErrorPath: "$.refused.Error", CausePath: "$.refused.Cause" },
    GiveUpPromotion: {
      Type: "Fail",
      Error: "TakeOver.PromotionFailed",
      Cause: "The database was not promoted in time.",
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
          RaiseRange: call(
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
        next: "Scaled",
        catcher: { next: "NotScaled" },
      }),
      Scaled: { Type: "Pass", Parameters: { says: "The services are brought to their full size." }, End: true },
      NotScaled: {
        Type: "Pass",
        Parameters: { "says.$": text("The services could NOT be brought to their full size: {}.", `${FAILURE}.Cause`) },
        End: true,
      },
    },
  };
}
