import { poll } from "../poll";
import { failWith, type State } from "../states";
import { call } from "../tasks";
import { POLL_SECONDS, type TakeoverProps } from "./common";

/** CloudWatch reports the lag of a cluster only some minutes after its first instance is available. */
const LAG_HOURS = 0.25;

/**
 * A switchover waits until this region has caught up, and writes are frozen for that time: it starts only while the lag
 * is low. A failover does not check the lag. Begins at `IsLagCheckRequired`.
 */
export function checkLag({ lagAlarm, instance }: TakeoverProps): Record<string, State> {
  return {
    IsLagCheckRequired: {
      Type: "Choice",
      Choices: [
        { Variable: "$.mode", StringEquals: "failover", Next: "FreezeWritesBestEffort" },
        { Variable: "$.globalDatabase.connected", BooleanEquals: false, Next: "FailReplicaLag" },
      ],
      Default: "ResetLagAlarmAttempts",
    },
    ...poll({
      name: "LagAlarm",
      intervalSeconds: POLL_SECONDS,
      timeoutHours: instance ? LAG_HOURS : 0,
      describe: (next) =>
        call(
          "cloudwatch",
          "describeAlarms",
          { AlarmNames: [lagAlarm] },
          {
            result: { ResultSelector: { "alarms.$": "$.MetricAlarms" }, ResultPath: "$.lagAlarm" },
            next,
            catchers: [{ next: "NotifyFailure" }],
          },
        ),
      statusPath: "$.lagAlarm.alarms[0].StateValue",
      successStatus: "OK",
      failurePattern: "never",
      onSuccess: "FreezeWrites",
      onFailure: "FailReplicaLag",
    }),
    FailReplicaLag: failWith(
      "RegionTakeover.ReplicaLag",
      "The replica lag of this region is too high, or the replication is interrupted. A switchover would keep writes frozen until the region has caught up. Nothing was changed.",
      "NotifyFailure",
    ),
  };
}
