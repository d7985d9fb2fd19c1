import { poll } from "../poll";
import { failWith, type State, text } from "../states";
import { invoke } from "../tasks";
import { POLL_SECONDS, progress, type TakeoverProps } from "./common";

/** CloudWatch reports the lag of a cluster only some minutes after its first instance is available. */
const LAG_HOURS = 0.25;

/**
 * A switchover freezes writes until this region has caught up: it starts only while the lag is low and this region is ready.
 * A failover does not check this. Begins at `IsReadinessRequired`.
 */
export function checkReadiness(props: TakeoverProps): Record<string, State> {
  const { functionArn, instance } = props;
  return {
    IsReadinessRequired: {
      Type: "Choice",
      Choices: [
        { Variable: "$.mode", StringEquals: "failover", Next: "FenceOthers" },
        { Variable: "$.globalDatabase.connected", BooleanEquals: false, Next: "FailNotConnected" },
      ],
      Default: "ResetReadinessAttempts",
    },
    ...poll({
      name: "Readiness",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: instance ? LAG_HOURS : 0,
      progress: progress(props, "The preparation of this region"),
      describe: (next) =>
        invoke(
          functionArn,
          { action: "check-readiness" },
          {
            result: {
              ResultSelector: {
                "status.$": "$.Payload.status",
                "problems.$": "$.Payload.problems",
                "lagMilliseconds.$": "$.Payload.lagMilliseconds",
              },
              ResultPath: "$.readiness",
            },
            next,
            catchers: [{ next: "NotifyFailure" }],
          },
        ),
      statusPath: "$.readiness.status",
      successStatus: "ready",
      onSuccess: "FenceOthers",
      onFailure: "FailNotReady",
    }),
    FailNotReady: failWith(
      "RegionTakeover.NotReady",
      text(
        `This region is not ready for a switchover: {} The lag is {} ms. Nothing was changed${instance ? ", except that a database instance may have been created" : ""}.`,
        "$.readiness.problems",
        "$.readiness.lagMilliseconds",
      ),
      "NotifyFailure",
    ),
    FailNotConnected: failWith(
      "RegionTakeover.NotConnected",
      `The replication to this region is interrupted. A switchover would keep writes frozen until this region has caught up. Nothing was changed${instance ? ", except that a database instance may have been created" : ""}.`,
      "NotifyFailure",
    ),
  };
}
