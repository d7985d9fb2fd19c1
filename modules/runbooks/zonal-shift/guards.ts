import { forEach, type State } from "../states";
import { call } from "../tasks";
import { FAILED, report, type ZonalShiftProps, ZONE } from "./common";

/**
 * What must be true before traffic is shifted: no other execution is in charge, no shift of the load balancer is active, and the other
 * zones have enough tasks. Begins at `FindExecutions`, continues at `NameShift`.
 */
export function checkGuards(props: ZonalShiftProps): Record<string, State> {
  return { ...checkExecutions(props), ...checkShifts(props), ...checkCapacity(props) };
}

/** The alarm may start an execution while an earlier one watches the zone after its return. The first one continues, and counts the hours. */
function checkExecutions(props: ZonalShiftProps): Record<string, State> {
  const running = "$.executions.running";
  return {
    FindExecutions: call(
      "sfn",
      "listExecutions",
      { "StateMachineArn.$": "$$.StateMachine.Id", StatusFilter: "RUNNING" },
      {
        // The newest execution is the first of the list.
        result: { ResultSelector: { "running.$": "$.Executions" }, ResultPath: "$.executions" },
        next: "HasExecutions",
        catchers: [{ next: FAILED }],
      },
    ),
    // The list may not contain this execution yet.
    HasExecutions: {
      Type: "Choice",
      Choices: [{ Variable: `${running}[0]`, IsPresent: true, Next: "FindFirstExecution" }],
      Default: "ReadShifts",
    },
    FindFirstExecution: {
      Type: "Pass",
      Parameters: { "first.$": `States.ArrayGetItem(${running}, States.MathAdd(States.ArrayLength(${running}), -1))` },
      ResultPath: "$.executions",
      Next: "IsFirstExecution",
    },
    IsFirstExecution: {
      Type: "Choice",
      Choices: [{ Variable: "$.executions.first.ExecutionArn", StringEqualsPath: "$$.Execution.Id", Next: "ReadShifts" }],
      Default: "NotifyOtherExecution",
    },
    NotifyOtherExecution: report(
      props,
      "NOT SHIFTED",
      "WARNING: {} alone is worse than the other zones. An earlier execution of this runbook is in charge, and continues: {}. If that is for another zone, an operator must decide.",
      [ZONE, "$.executions.first.ExecutionArn"],
      "Done",
    ),
  };
}

/** A practice run is not in the way: the shift replaces it, as AWS documents. */
function checkShifts(props: ZonalShiftProps): Record<string, State> {
  return {
    ReadShifts: readShifts(props, "IsShifted"),
    IsShifted: {
      Type: "Choice",
      Choices: [
        { And: HAS_SHIFT, Next: "NotifyShiftExists" },
        { ...HAS_AUTOSHIFT, Next: "NotifyAutoshiftExists" },
      ],
      Default: "CheckCapacity",
    },
    NotifyShiftExists: refuse(props, "A zonal shift away from {} is active, which this runbook leaves alone.", `${ACTIVE_SHIFT}.AwayFrom`),
    NotifyAutoshiftExists: refuse(props, "AWS has shifted traffic away from {} by zonal autoshift.", "$.active.Autoshifts[0].AwayFrom"),
  };
}

/** Path of the active shift of the load balancer. */
export const ACTIVE_SHIFT = "$.active.ZonalShifts[0]";

const TYPE = `${ACTIVE_SHIFT}.ShiftType`;

/** Comparisons that are true together while a shift is active that is no practice run. AWS applies one at a time. */
export const HAS_SHIFT = [
  { Variable: ACTIVE_SHIFT, IsPresent: true },
  {
    Not: {
      And: [
        { Variable: TYPE, IsPresent: true },
        { Variable: TYPE, StringEquals: "PRACTICE_RUN" },
      ],
    },
  },
];

export const HAS_AUTOSHIFT = { Variable: "$.active.Autoshifts[0]", IsPresent: true };

/**
 * Reads the active shifts of the load balancer.
 * @see https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.how-it-works.precedence.html
 */
export function readShifts({ loadBalancerArn }: ZonalShiftProps, next: string): State {
  return call(
    "arczonalshift",
    "getManagedResource",
    { ResourceIdentifier: loadBalancerArn },
    { result: { ResultPath: "$.active" }, next, catchers: [{ next: FAILED }] },
  );
}

/**
 * In each target group, the other zones must have as many healthy targets as the loss of a zone leaves of the minimum, and no unhealthy
 * one: above the minimum, the load may need every target.
 */
function checkCapacity(props: ZonalShiftProps): Record<string, State> {
  const { targetGroups } = props;
  return {
    CheckCapacity: {
      Type: "Pass",
      Parameters: targetGroups.map(({ service, arn, tasks }) => ({ service, arn, tasks })),
      ResultPath: "$.targetGroups",
      Next: "CountTargets",
    },
    CountTargets: forEach({
      itemsPath: "$.targetGroups",
      itemSelector: {
        "service.$": "$$.Map.Item.Value.service",
        "arn.$": "$$.Map.Item.Value.arn",
        "tasks.$": "$$.Map.Item.Value.tasks",
        "zone.$": ZONE,
      },
      states: countTargets(props),
      resultPath: "$.capacity",
      next: "IsCapacitySufficient",
      catcher: { next: FAILED },
    }),
    IsCapacitySufficient: {
      Type: "Choice",
      Choices: [
        { And: targetGroups.map((_, index) => ({ Variable: `$.capacity[${index}].sufficient`, BooleanEquals: true })), Next: "NameShift" },
      ],
      Default: "NotifyNoCapacity",
    },
    NotifyNoCapacity: refuse(
      props,
      "The other zones have too few tasks: {}.",
      "States.JsonToString($.capacity[?(@.sufficient==false)].message)",
    ),
  };
}

const STATES = ["healthy", "unhealthy"];

function countTargets({ zones }: ZonalShiftProps): Record<string, State> {
  /** A value for each state of a target and each zone: a path cannot contain the zone as a variable. */
  const table = (value: (state: string, zone: string) => string): object =>
    Object.fromEntries(STATES.map((state) => [state, Object.fromEntries(zones.map(({ name }) => [`${name}.$`, value(state, name)]))]));
  const cell = (name: string, state: string, zone: string): string => `$.${name}.${state}['${zone}']`;
  const sum = (terms: readonly string[]): string => terms.reduce((total, term) => `States.MathAdd(${total}, ${term})`);
  return {
    DescribeTargets: call(
      "elasticloadbalancingv2",
      "describeTargetHealth",
      { "TargetGroupArn.$": "$.arn" },
      { result: { ResultSelector: { "found.$": "$.TargetHealthDescriptions" }, ResultPath: "$.targets" }, next: "NameTargets" },
    ),
    // A filter cannot compare two values, and none inside another.
    NameTargets: forEach({
      itemsPath: "$.targets.found",
      states: {
        NameTarget: {
          Type: "Pass",
          Parameters: { "kind.$": "States.Format('{}/{}', $.Target.AvailabilityZone, $.TargetHealth.State)" },
          End: true,
        },
      },
      resultPath: "$.targets.named",
      next: "AddMarks",
    }),
    // One more target of each kind: a filter without a result would be an error.
    AddMarks: {
      Type: "Pass",
      Parameters: zones.flatMap(({ name }) => STATES.map((state) => ({ kind: `${name}/${state}` }))),
      ResultPath: "$.targets.marks",
      Next: "SelectTargets",
    },
    SelectTargets: {
      Type: "Pass",
      Parameters: table((state, zone) => `$.targets[*][?(@.kind=='${zone}/${state}')]`),
      ResultPath: "$.selected",
      Next: "CountOutside",
    },
    CountOutside: {
      Type: "Pass",
      Parameters: table((state, zone) => {
        const others = zones.filter(({ name }) => name !== zone);
        return sum([...others.map(({ name }) => `States.ArrayLength(${cell("selected", state, name)})`), String(-others.length)]);
      }),
      ResultPath: "$.outside",
      Next: "AreTargetsSufficient",
    },
    AreTargetsSufficient: {
      Type: "Choice",
      Choices: zones.map(({ name }) => ({
        And: [
          { Variable: "$.zone", StringEquals: name },
          { Variable: cell("outside", "healthy", name), NumericGreaterThanEqualsPath: "$.tasks" },
          { Variable: cell("outside", "unhealthy", name), NumericEquals: 0 },
        ],
        Next: "TargetsSufficient",
      })),
      Default: "TargetsInsufficient",
    },
    TargetsSufficient: { Type: "Pass", Parameters: { sufficient: true }, End: true },
    TargetsInsufficient: {
      Type: "Pass",
      Parameters: {
        sufficient: false,
        "message.$":
          "States.Format('{} needs {} healthy targets and no unhealthy one outside of the zone. Outside of each zone it has {} healthy and {} unhealthy targets.', $.service, $.tasks, States.JsonToString($.outside.healthy), States.JsonToString($.outside.unhealthy))",
      },
      End: true,
    },
  };
}

function refuse(props: ZonalShiftProps, reason: string, path: string): State {
  return report(
    props,
    "NOT SHIFTED",
    `CRITICAL: {} alone is worse than the other zones, and no traffic was shifted. ${reason} An operator must decide.`,
    [ZONE, path],
    "Done",
  );
}
