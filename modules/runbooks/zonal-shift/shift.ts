import type { State } from "../states";
import { call } from "../tasks";
import {
  checkAlarm,
  CONFLICT,
  countHours,
  FAILED,
  hasHoursLeft,
  LEAD_MINUTES,
  report,
  SHIFT,
  WATCH_MINUTES,
  type ZonalShiftProps,
  ZONE,
} from "./common";
import { ACTIVE_SHIFT, HAS_AUTOSHIFT, HAS_SHIFT, readShifts } from "./guards";

/** Starts the shift, and checks the zone before its end. Begins at `NameShift`. */
export function shift(props: ZonalShiftProps): Record<string, State> {
  return { ...start(props), ...checkBeforeEnd(props), ...returnTraffic(props) };
}

/**
 * A load balancer has one shift at a time. A repeated call cannot shift a second zone: it is refused, and the shift that exists has
 * the comment of this execution if the answer was lost.
 * @see https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_StartZonalShift.html
 */
function start(props: ZonalShiftProps): Record<string, State> {
  const { loadBalancerArn, hours } = props;
  return {
    // The comment of a shift has at most 128 characters, and the name of an execution 80.
    NameShift: {
      Type: "Pass",
      Parameters: {
        "comment.$": "States.Format('runbook zonal-shift {}', States.ArrayGetItem(States.StringSplit($$.Execution.Id, ':'), 7))",
      },
      ResultPath: "$.own",
      Next: "StartShift",
    },
    StartShift: call(
      "arczonalshift",
      "startZonalShift",
      {
        ResourceIdentifier: loadBalancerArn,
        "AwayFrom.$": "$.plan.id",
        ExpiresIn: `${hours}h`,
        "Comment.$": "$.own.comment",
      },
      {
        result: { ResultSelector: { "id.$": "$.ZonalShiftId", "expiry.$": "$.ExpiryTime" }, ResultPath: SHIFT },
        next: "CountHours",
        idempotent: true,
        expectedError: CONFLICT,
        catchers: [{ next: "ReadConflict", errors: [CONFLICT], resultPath: "$.conflict" }, { next: FAILED }],
      },
    ),
    ReadConflict: readShifts(props, "IsOwnShift"),
    IsOwnShift: {
      Type: "Choice",
      Choices: [
        {
          And: [...HAS_SHIFT, { Variable: `${ACTIVE_SHIFT}.Comment`, StringEqualsPath: "$.own.comment" }],
          Next: "AdoptShift",
        },
        { And: HAS_SHIFT, Next: "NotifyShiftExists" },
        { ...HAS_AUTOSHIFT, Next: "NotifyAutoshiftExists" },
      ],
      Default: "NotifyConflict",
    },
    NotifyConflict: report(
      props,
      "NOT SHIFTED",
      "CRITICAL: {} alone is worse than the other zones, and no traffic was shifted: {} An operator must decide.",
      [ZONE, "$.conflict.Cause"],
      "Done",
    ),
    AdoptShift: {
      Type: "Pass",
      Parameters: { "id.$": `${ACTIVE_SHIFT}.ZonalShiftId`, "expiry.$": `${ACTIVE_SHIFT}.ExpiryTime` },
      ResultPath: SHIFT,
      Next: "CountHours",
    },
    CountHours: countHours(props, "NotifyStarted"),
    NotifyStarted: report(
      props,
      "STARTED",
      "CRITICAL: {} alone is worse than the other zones. Its traffic is shifted to them until {}. New connections may still reach it for about a minute.",
      [ZONE, `${SHIFT}.expiry`],
      "WaitForEnd",
    ),
  };
}

function checkBeforeEnd(props: ZonalShiftProps): Record<string, State> {
  const { hours, maxHours } = props;
  return {
    WaitForEnd: { Type: "Wait", Seconds: hours * 3600 - LEAD_MINUTES * 60, Next: "ReadAlarmBeforeEnd" },
    ...checkAlarm("AlarmBeforeEnd", { onAlarm: "MayExtend", onOk: "CancelShift" }),
    MayExtend: { Type: "Choice", Choices: [{ ...hasHoursLeft(props), Next: "ExtendShift" }], Default: "NotifyLimit" },
    // The new time counts from this call: the hours begin at the former end.
    ExtendShift: call(
      "arczonalshift",
      "updateZonalShift",
      { "ZonalShiftId.$": `${SHIFT}.id`, ExpiresIn: `${hours * 60 + LEAD_MINUTES}m` },
      {
        result: { ResultSelector: { "id.$": "$.ZonalShiftId", "expiry.$": "$.ExpiryTime" }, ResultPath: SHIFT },
        next: "CountExtension",
        idempotent: true,
        expectedError: CONFLICT,
        catchers: [{ next: "NotifyEndedElsewhere", errors: [CONFLICT], resultPath: "$.conflict" }, { next: FAILED }],
      },
    ),
    CountExtension: countHours(props, "NotifyExtended"),
    NotifyExtended: report(
      props,
      "EXTENDED",
      `CRITICAL: {} is still worse than the other zones. Its traffic remains shifted until {}: {} of at most ${maxHours} hours.`,
      [ZONE, `${SHIFT}.expiry`, "$.plan.hours"],
      "WaitForEnd",
    ),
    NotifyLimit: report(
      props,
      "DECISION NEEDED",
      `CRITICAL: {} is still worse than the other zones after {} hours of zonal shifts, and the limit is ${maxHours}. Its traffic returns at {}, unless an operator extends the shift {}.`,
      [ZONE, "$.plan.hours", `${SHIFT}.expiry`, `${SHIFT}.id`],
      "Done",
    ),
    NotifyEndedElsewhere: report(
      props,
      "ENDED",
      "WARNING: the zonal shift away from {} was ended by an operator: {} This execution ends, although the zone is worse than the others.",
      [ZONE, "$.conflict.Cause"],
      "Done",
    ),
  };
}

/**
 * Without traffic, a zone shows few faults: that the alarm is OK says little. So its traffic returns, and the zone is watched.
 * @see https://github.com/awslabs/multi-az-workshop/blob/main/content/lab-6/index.en.md
 */
function returnTraffic(props: ZonalShiftProps): Record<string, State> {
  const { maxHours } = props;
  return {
    CancelShift: call(
      "arczonalshift",
      "cancelZonalShift",
      { "ZonalShiftId.$": `${SHIFT}.id` },
      {
        next: "NotifyReturned",
        idempotent: true,
        expectedError: CONFLICT,
        // It has ended already.
        catchers: [{ next: "NotifyReturned", errors: [CONFLICT], resultPath: "$.conflict" }, { next: FAILED }],
      },
    ),
    NotifyReturned: report(
      props,
      "RETURNED",
      `WARNING: no alarm shows a fault of {}. Its traffic returns, and the zone is watched for ${WATCH_MINUTES} minutes.`,
      [ZONE],
      "WatchZone",
    ),
    WatchZone: { Type: "Wait", Seconds: WATCH_MINUTES * 60, Next: "ReadAlarmAfterReturn" },
    ...checkAlarm("AlarmAfterReturn", { onAlarm: "MayShiftAgain", onOk: "NotifyDone" }),
    MayShiftAgain: { Type: "Choice", Choices: [{ ...hasHoursLeft(props), Next: "FindExecutions" }], Default: "NotifyReturnLimit" },
    NotifyReturnLimit: report(
      props,
      "DECISION NEEDED",
      `CRITICAL: {} is worse than the other zones again after {} hours of zonal shifts, and the limit is ${maxHours}. Its traffic is not shifted. An operator must decide.`,
      [ZONE, "$.plan.hours"],
      "Done",
    ),
    NotifyDone: report(
      props,
      "DONE",
      "INFO: {} has its traffic again, and is no worse than the other zones. Its traffic was shifted for {} hours.",
      [ZONE, "$.plan.hours"],
      "Done",
    ),
    Done: { Type: "Succeed" },
  };
}
