import type { RunbookContext } from "../runbook";
import { type State, text } from "../states";
import { call, notify } from "../tasks";

/** A zone of the region. */
interface ShiftableZone {
  readonly name: string;
  /** ID of the zone, which zonal shifts require: `use1-az1`. */
  readonly id: string;
  /** Composite alarm that is in ALARM while this zone alone is worse than the others. */
  readonly alarm: string;
}

export interface ZonalShiftProps extends RunbookContext {
  /** ARN of the load balancer whose traffic is shifted. */
  readonly loadBalancerArn: string;
  /** Zones of the region, with the alarm of each. */
  readonly zones: readonly ShiftableZone[];
  /** Target groups of the load balancer, with the healthy targets that the zones without the impaired one must have. */
  readonly targetGroups: readonly { readonly service: string; readonly arn: string; readonly tasks: number }[];
  /** Hours of one shift. */
  readonly hours: number;
  /** Hours of all shifts of one execution. */
  readonly maxHours: number;
}

/** Second part of the subject of every message. */
const SUBJECT = "zonal shift";

/** An alarm that recovers by itself within this time shifts nothing. */
export const SETTLE_SECONDS = 120;
/** How long before the end of a shift the zone is checked, so that an extension leaves no gap. */
export const LEAD_MINUTES = 10;
/** How long a zone is watched after its traffic has returned: twice the longest latency of an alarm, and the TTL of the name. */
export const WATCH_MINUTES = 10;

/** Another shift of the load balancer exists, or this one has ended. */
export const CONFLICT = "ArcZonalShift.ConflictException";

/** Path of the zone's data: `zone`, `id`, and `hours`, the hours of the shifts so far. */
export const ZONE = "$.plan.zone";
/** Path of the shift: `id` and `expiry`. */
export const SHIFT = "$.shift";

/** A message to on-call about a decision. @param status first part of the subject: `STARTED` */
export function report(
  { topicArn, runbookUrl }: ZonalShiftProps,
  status: string,
  template: string,
  paths: readonly string[],
  next: string,
): State {
  return notify(topicArn, `${status}: ${SUBJECT}`, text(`${template} Runbook: ${runbookUrl}`, ...paths), next);
}

/** The state that reports every failure of a call. */
export const FAILED = "NotifyFailure";

/** Reads the composite alarm, and continues depending on its state. An alarm that does not exist is not in ALARM. */
export function checkAlarm(name: string, { onAlarm, onOk }: { readonly onAlarm: string; readonly onOk: string }): Record<string, State> {
  const state = "$.alarmState.found[0].StateValue";
  return {
    [`Read${name}`]: call(
      "cloudwatch",
      "describeAlarms",
      { "AlarmNames.$": "States.Array($.alarmName)", AlarmTypes: ["CompositeAlarm"] },
      {
        result: { ResultSelector: { "found.$": "$.CompositeAlarms" }, ResultPath: "$.alarmState" },
        next: `Check${name}`,
        catchers: [{ next: FAILED }],
      },
    ),
    [`Check${name}`]: {
      Type: "Choice",
      Choices: [
        {
          And: [
            { Variable: state, IsPresent: true },
            { Variable: state, StringEquals: "ALARM" },
          ],
          Next: onAlarm,
        },
      ],
      Default: onOk,
    },
  };
}

/** Whether the hours of one more shift are within the limit. */
export function hasHoursLeft({ hours, maxHours }: ZonalShiftProps): object {
  return { Variable: "$.plan.hours", NumericLessThanEquals: maxHours - hours };
}

/** Counts the hours of one more shift. */
export function countHours({ hours }: ZonalShiftProps, next: string): State {
  return {
    Type: "Pass",
    Parameters: { "zone.$": ZONE, "id.$": "$.plan.id", "hours.$": `States.MathAdd($.plan.hours, ${hours})` },
    ResultPath: "$.plan",
    Next: next,
  };
}
