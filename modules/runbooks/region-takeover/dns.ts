import { END, forEach, type State, type Transition } from "../states";
import { call } from "../tasks";
import type { TakeoverProps } from "./common";

/** A health check, and whether it is disabled and inverted. */
export interface HealthCheckSwitch {
  readonly parameter: string;
  readonly disabled: boolean;
}

/**
 * Settings of the health checks that route clients to a region. A health check that is disabled and inverted counts as
 * failed, so DNS passes over its region. The health checks of regions that DNS prefers to the serving one are switched
 * off; all others that this runbook may have switched off are switched on.
 */
export function healthCheckSwitches(serving: string, { region: own, regions }: TakeoverProps): HealthCheckSwitch[] {
  const position = (region: string): number => regions.findIndex(({ name }) => name === region);
  return regions
    .slice(0, Math.max(position(serving), position(own)) + 1)
    .map(({ healthCheckParameter: parameter }, index) => ({ parameter, disabled: index < position(serving) }));
}

interface ClientRouting extends Transition {
  /** Path of a list of `HealthCheckSwitch`. */
  readonly switchesPath: string;
  /** Part of the names of the inner states, which must be unique in the definition. */
  readonly suffix: string;
}

/** Applies the settings of health checks one after the other. @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_UpdateHealthCheck.html */
export function routeClients({ switchesPath, suffix, ...transition }: ClientRouting): State {
  const update = `UpdateHealthCheck${suffix}`;
  return forEach({
    ...transition,
    itemsPath: switchesPath,
    sequential: true,
    states: {
      [`GetHealthCheckId${suffix}`]: call(
        "ssm",
        "getParameter",
        { "Name.$": "$.parameter" },
        { result: { ResultSelector: { "id.$": "$.Parameter.Value" }, ResultPath: "$.healthCheck" }, next: update },
      ),
      [update]: call(
        "route53",
        "updateHealthCheck",
        { "HealthCheckId.$": "$.healthCheck.id", "Disabled.$": "$.disabled", "Inverted.$": "$.disabled" },
        { next: END },
      ),
    },
  });
}
