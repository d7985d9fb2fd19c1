import { poll } from "../poll";
import { failWith, type State } from "../states";
import { call } from "../tasks";
import { POLL_SECONDS, type TakeoverProps } from "./common";

/** CloudWatch reports the lag of a cluster only some minutes after its first instance is available. */
const LAG_HOURS = 0.25;

/**
 * A switchover waits until this region has caught up, and writes are frozen for that time: it starts only while the lag
 * is low. A failover does not check the lag. Begins at `IsLagInTheWay`.
 */
export function checkLag({ lagAlarm, instance }: TakeoverProps): Record<string, State> {
  return {
    IsLagInTheWay: {
      Type: "Choice",
      Choices: [
        { Variable: "$.mode", StringEquals: "failover", Next: "FreezeIfPossible" },
        { Variable: "$.seen.connected", BooleanEquals: false, Next: "RefuseBehind" },
      ],
      Default: "AwaitLag",
    },
    ...poll({
      name: "Lag",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: instance ? LAG_HOURS : 0,
      describe: (next) =>
        call(
          "cloudwatch",
          "describeAlarms",
          { AlarmNames: [lagAlarm] },
          { result: { ResultSelector: { "alarms.$": "$.MetricAlarms" }, ResultPath: "$.lag" }, next, catchers: [{ next: "TellFailure" }] },
        ),
      statusPath: "$.lag.alarms[0].StateValue",
      successStatus: "OK",
      failurePattern: "never",
      onSuccess: "Freeze",
      onFailure: "RefuseBehind",
    }),
    RefuseBehind: failWith(
      "TakeOver.TooFarBehind",
      "This region is too far behind, or does not get what the primary writes: a switchover would wait for it while nobody can write. Nothing was changed.",
      "TellFailure",
    ),
  };
}
