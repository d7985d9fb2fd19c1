import { failWith, type State, text } from "../states";
import { notify } from "../tasks";
import { inspectGlobalDatabase, SUBJECT, type TakeoverProps } from "./common";
import { healthCheckSwitches } from "./dns";

/** Checks the input and the state of the global database, and stores the plan. Begins at `ValidateInput`. */
export function checkInput(props: TakeoverProps): Record<string, State> {
  const { topicArn, region, functionArn } = props;
  return {
    ValidateInput: {
      Type: "Choice",
      Choices: [
        { And: modeConditions("switchover"), Next: "Plan" },
        {
          And: [
            ...modeConditions("failover"),
            { Variable: "$.allowDataLoss", IsPresent: true },
            { Variable: "$.allowDataLoss", BooleanEquals: true },
          ],
          Next: "Plan",
        },
      ],
      Default: "FailInvalidInput",
    },
    FailInvalidInput: failWith(
      "RegionTakeover.InvalidInput",
      'The input must be { "mode": "switchover" } while both regions are available, or { "mode": "failover", "allowDataLoss": true } when the other region is lost. Nothing was changed.',
      "NotifyFailure",
    ),
    Plan: { Type: "Pass", Parameters: plan(props), ResultPath: "$.plan", Next: "NotifyStart" },
    NotifyStart: notify(
      topicArn,
      `STARTED: ${SUBJECT}`,
      text(`WARNING: the region takeover by ${region} has started. Mode: {}.`, "$.mode"),
      "InspectGlobalDatabase",
    ),
    InspectGlobalDatabase: inspectGlobalDatabase(functionArn, "CheckPhase", "NotifyFailure"),
    ...checkMembership(props),
  };
}

function modeConditions(mode: string): object[] {
  return [
    { Variable: "$.mode", IsPresent: true },
    { Variable: "$.mode", StringEquals: mode },
  ];
}

/** The lists that the states iterate over: services, and settings of health checks. */
function plan(props: TakeoverProps): object {
  const { region, regions, services } = props;
  const others = regions.filter(({ name }) => name !== region);
  return {
    services: services.map(({ cluster, name, min, max }) => ({ cluster, name, min, max, resource: `service/${cluster}/${name}` })),
    healthChecks: healthCheckSwitches(region, props),
    rollbackHealthChecks: others.map(({ name }) => healthCheckSwitches(name, props)),
  };
}

function checkMembership({ region, instance }: TakeoverProps): Record<string, State> {
  return {
    CheckPhase: {
      Type: "Choice",
      Choices: [
        { Variable: "$.globalDatabase.phase", StringEquals: "missing", Next: "FailNotAMember" },
        // An earlier execution has promoted the database: the steps after the promotion are repeated.
        { Variable: "$.globalDatabase.phase", StringEquals: "primary", Next: "PromoteAndScale" },
        // A failover may start during a switchover: the other region may be lost in the middle of it.
        {
          And: [
            { Variable: "$.globalDatabase.phase", StringEquals: "changing" },
            { Variable: "$.mode", StringEquals: "switchover" },
          ],
          Next: "FailChangeInProgress",
        },
      ],
      Default: instance ? "CountInstances" : "IsLagCheckRequired",
    },
    FailNotAMember: failWith(
      "RegionTakeover.NotAMember",
      `The cluster of ${region} is not a member of the global database. Nothing was changed.`,
      "NotifyFailure",
    ),
    FailChangeInProgress: failWith(
      "RegionTakeover.ChangeInProgress",
      "Another change of the global database is in progress. Nothing was changed by this execution.",
      "NotifyFailure",
    ),
  };
}
