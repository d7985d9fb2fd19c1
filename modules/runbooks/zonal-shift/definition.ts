import { type Definition, FAIL, FAILURE, failWith, type State } from "../states";
import { checkAlarm, FAILED, report, SETTLE_SECONDS, WATCH_MINUTES, type ZonalShiftProps, ZONE } from "./common";
import { checkGuards } from "./guards";
import { shift } from "./shift";

/**
 * Shifts traffic away from a zone that alone is worse than the others. The input is `{ "alarmName": "<composite alarm of the zone>" }`. It
 * never shifts a second zone, never without capacity in the others, and never for more than the configured hours.
 * @see https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.html
 */
export function zonalShiftDefinition(props: ZonalShiftProps): Definition {
  const { hours, maxHours } = props;
  const shifts = Math.floor(maxHours / hours);
  return {
    Comment: "Shifts traffic away from a zone that alone is worse than the others",
    StartAt: "ValidateInput",
    TimeoutSeconds: maxHours * 3600 + shifts * WATCH_MINUTES * 60 + 3600,
    States: {
      ...checkInput(props),
      ...checkGuards(props),
      ...shift(props),
      [FAILED]: report(
        props,
        "FAILED",
        "CRITICAL: the zonal shift away from {} failed: {} {} A shift that is active ends by itself.",
        [ZONE, `${FAILURE}.Error`, `${FAILURE}.Cause`],
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

/** Finds the zone of the alarm, and checks after a while that the alarm is still in ALARM. Begins at `ValidateInput`. */
function checkInput(props: ZonalShiftProps): Record<string, State> {
  const { zones } = props;
  return {
    ValidateInput: {
      Type: "Choice",
      Choices: zones.map(({ name, alarm }) => ({
        And: [
          { Variable: "$.alarmName", IsPresent: true },
          { Variable: "$.alarmName", StringEquals: alarm },
        ],
        Next: `Plan-${name}`,
      })),
      Default: "PlanNothing",
    },
    PlanNothing: { Type: "Pass", Parameters: { zone: "an unknown zone" }, ResultPath: "$.plan", Next: "FailInvalidInput" },
    FailInvalidInput: failWith(
      "ZonalShift.InvalidInput",
      `The input must be { "alarmName": "<name>" } with one of: ${zones.map(({ alarm }) => alarm).join(", ")}. Nothing was changed.`,
      FAILED,
    ),
    ...Object.fromEntries(
      zones.map(({ name, id }): [string, State] => [
        `Plan-${name}`,
        { Type: "Pass", Parameters: { zone: name, id, hours: 0 }, ResultPath: "$.plan", Next: "WaitUntilSettled" },
      ]),
    ),
    WaitUntilSettled: { Type: "Wait", Seconds: SETTLE_SECONDS, Next: "ReadAlarm" },
    ...checkAlarm("Alarm", { onAlarm: "FindExecutions", onOk: "NotifyRecovered" }),
    NotifyRecovered: report(
      props,
      "NOT SHIFTED",
      `INFO: {} was worse than the other zones, and is no longer after ${SETTLE_SECONDS} s. No traffic was shifted.`,
      [ZONE],
      "Done",
    ),
  };
}
