import { END, FAILURE, forEach, type State, text } from "../states";
import { call } from "../tasks";
import type { TakeoverProps } from "./common";

const SCALABLE = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" };

/**
 * A branch that scales the services to the size of a primary region, and never below their present size. A failure is
 * reported and does not stop the promotion. A region that runs the full size already is not changed.
 */
export function scale({ scaledDown }: TakeoverProps): object {
  if (!scaledDown)
    return {
      StartAt: "FullSize",
      States: { FullSize: { Type: "Pass", Parameters: { message: "The services run at the size of a primary region." }, End: true } },
    };
  return {
    StartAt: "ScaleServices",
    States: {
      ScaleServices: forEach({
        itemsPath: "$.plan.services",
        states: { ...readRange(), ...keepLargerBounds(), ...register() },
        next: "ServicesScaled",
        catcher: { next: "ServicesNotScaled" },
      }),
      ServicesScaled: { Type: "Pass", Parameters: { message: "The services are scaled to the size of a primary region." }, End: true },
      ServicesNotScaled: {
        Type: "Pass",
        Parameters: { "message.$": text("The services could NOT be scaled to the size of a primary region: {}.", `${FAILURE}.Cause`) },
        End: true,
      },
    },
  };
}

function readRange(): Record<string, State> {
  return {
    DescribeRange: call(
      "applicationautoscaling",
      "describeScalableTargets",
      { ...SCALABLE, "ResourceIds.$": "States.Array($.resource)" },
      { result: { ResultSelector: { "present.$": "$.ScalableTargets" }, ResultPath: "$.range" }, next: "IsMinimumLarger" },
    ),
  };
}

function keepLargerBounds(): Record<string, State> {
  const keep = (bound: "min" | "max", field: string, next: string): Record<string, State> => {
    const name = bound === "min" ? "Minimum" : "Maximum";
    const present = `$.range.present[0].${field}`;
    return {
      [`Is${name}Larger`]: {
        Type: "Choice",
        Choices: [
          {
            And: [
              { Variable: present, IsPresent: true },
              { Variable: present, NumericGreaterThanPath: `$.${bound}` },
            ],
            Next: `Keep${name}`,
          },
        ],
        Default: next,
      },
      [`Keep${name}`]: { Type: "Pass", InputPath: present, ResultPath: `$.${bound}`, Next: next },
    };
  };
  return { ...keep("min", "MinCapacity", "IsMaximumLarger"), ...keep("max", "MaxCapacity", "RegisterScalableTarget") };
}

function register(): Record<string, State> {
  return {
    RegisterScalableTarget: call(
      "applicationautoscaling",
      "registerScalableTarget",
      { ...SCALABLE, "ResourceId.$": "$.resource", "MinCapacity.$": "$.min", "MaxCapacity.$": "$.max" },
      { next: END, idempotent: true },
    ),
  };
}
