import { failWith, type State, text } from "../states";
import { notify } from "../tasks";
import { inspectGlobalDatabase, SUBJECT, type TakeoverProps } from "./common";
import { healthCheckSwitches } from "./dns";

/** Checks the input and the state of the global database, and stores the plan. Begins at `IsModeGiven`. */
export function checkInput(props: TakeoverProps): Record<string, State> {
  const { topicArn, region, functionArn } = props;
  return {
    IsModeGiven: {
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
      Default: "RefuseInput",
    },
    RefuseInput: failWith(
      "TakeOver.InputInvalid",
      'The input must be { "mode": "switchover" } while both regions live, or { "mode": "failover", "allowDataLoss": true } when the other is lost. Nothing was changed.',
      "TellFailure",
    ),
    Plan: { Type: "Pass", Parameters: plan(props), ResultPath: "$.plan", Next: "TellStart" },
    TellStart: notify(topicArn, `STARTED: ${SUBJECT}`, text(`WARNING: ${region} is taking over, by {}.`, "$.mode"), "Inspect"),
    Inspect: inspectGlobalDatabase(functionArn, "IsMember", "TellFailure"),
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
    here: healthCheckSwitches(region, props),
    back: others.map(({ name }) => healthCheckSwitches(name, props)),
  };
}

function checkMembership({ region, instance }: TakeoverProps): Record<string, State> {
  return {
    IsMember: {
      Type: "Choice",
      Choices: [
        { Variable: "$.seen.phase", StringEquals: "missing", Next: "RefuseMissing" },
        // An earlier execution has promoted the database: the steps after the promotion are repeated.
        { Variable: "$.seen.phase", StringEquals: "primary", Next: "TakeOver" },
        // A failover may start during a switchover: the other region may be lost in the middle of it.
        {
          And: [
            { Variable: "$.seen.phase", StringEquals: "changing" },
            { Variable: "$.mode", StringEquals: "switchover" },
          ],
          Next: "RefuseChanging",
        },
      ],
      Default: instance ? "CountInstances" : "IsLagInTheWay",
    },
    RefuseMissing: failWith(
      "TakeOver.NoMember",
      `The database of ${region} is no member of the global database. Nothing was changed.`,
      "TellFailure",
    ),
    RefuseChanging: failWith(
      "TakeOver.Changing",
      "The global database is being changed already. Nothing was changed by this.",
      "TellFailure",
    ),
  };
}
