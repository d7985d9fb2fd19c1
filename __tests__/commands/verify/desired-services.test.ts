import { describe, expect, it } from "@jest/globals";
import { desiredServices } from "../../../commands/verify/checks/desired-services";
import { TASKS } from "../../../commands/verify/checks/tasks";
import { Environment } from "../../../commands/verify/environment";
import { ExpectedResources } from "../../../commands/verify/expected";
import { LiveRegion } from "../../../commands/verify/live-region";
import { aConfig, given, twoRegions } from "../../support/config";

const SCALES = "Every service that scales tracks CPU and memory utilization, with the configured targets and cooldowns";

function standby(kind: string, overrides: Readonly<Record<string, unknown>> = {}): LiveRegion {
  const values = { ...twoRegions(kind), ...overrides };
  const config = aConfig(values);
  const [, region] = config.regions;
  if (!region) throw new Error("no standby region");
  return new LiveRegion(new Environment(config, ExpectedResources.synthesize({ config, given: given(values) })), region);
}

describe("the tasks of a service in a standby region", () => {
  const scaling = TASKS.find(({ requirement }) => requirement === SCALES);

  it.each(["warm", "pilot-light"])("are another exact number while the region is a %s standby: no policy scales them", (kind) => {
    const live = standby(kind);
    const [service] = desiredServices(live);
    expect(service).toMatchObject({ most: 6, exact: false, scales: false });
    expect(service?.least).toBeLessThan(6);
    expect(live.resources("aws_appautoscaling_policy")).toEqual([]);
    expect(scaling?.appliesTo?.(live)).toBe(false);
  });

  it("scale with the load if they are a range", () => {
    const live = standby("hot", { service: { tasks: { min: 6, max: 12 } } });
    expect(desiredServices(live)).toMatchObject([{ least: 6, most: 12, exact: false, scales: true }]);
    expect(live.resources("aws_appautoscaling_policy").length).toBeGreaterThan(0);
    expect(scaling?.appliesTo?.(live)).toBe(true);
  });
});
