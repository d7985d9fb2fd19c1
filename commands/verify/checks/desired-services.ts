import type { Service } from "@aws-sdk/client-ecs";
import type { Config } from "../../../config/load";
import { FIRST_SERVICE } from "../../../config/services";
import { tasksIn } from "../../../config/standby";
import { checkEach, checkResource } from "../check";
import type { LiveRegion } from "../live-region";

/** A service as it is configured. */
export interface DesiredService {
  /** Name of the container: the name of the service in `terraform.tfvars`. */
  readonly container: string;
  readonly name: string;
  readonly service: Pick<Config["service"], "tasks" | "staticStability" | "scaling" | "user" | "readOnlyRoot">;
  /** Lowest and highest number of tasks over all schedules. */
  readonly least: number;
  readonly most: number;
  readonly exact: boolean;
}

export function desiredServices(live: LiveRegion): DesiredService[] {
  const { config, region, ownNames } = live;
  const services = [
    { container: FIRST_SERVICE, role: undefined, service: config.service },
    ...Object.entries(config.services).map(([role, service]) => ({ container: role, role, service })),
  ];
  return services.map(({ container, role, service }) => {
    const own = tasksIn(region, service);
    // A region takeover scales a standby to the numbers of a primary.
    const ranges = [own, ...service.scaling.schedule, tasksIn({ ...region, standby: undefined }, service)];
    const least = Math.min(own.min, ...service.scaling.schedule.map(({ min }) => min));
    const most = Math.max(...ranges.map(({ max }) => max));
    return { container, name: ownNames.of("ecs_service", role), service, least, most, exact: least === most };
  });
}

/** The violations of each service. A service that does not exist, or is not active, is one. */
export async function checkServices(
  live: LiveRegion,
  violations: (service: Service, desired: DesiredService) => readonly string[] | Promise<readonly string[]>,
): Promise<string[]> {
  const services = await live.services();
  return checkEach(desiredServices(live), (desired) =>
    checkResource(desired.name, async () => {
      const service = services.find(({ serviceName }) => serviceName === desired.name);
      return service ? violations(service, desired) : ["does not exist"];
    }),
  );
}
