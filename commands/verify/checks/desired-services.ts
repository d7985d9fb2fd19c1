import type { Service } from "@aws-sdk/client-ecs";
import type { RegionalService } from "../../../config/capacity";
import { elastic } from "../../../modules/service/scaling";
import { checkEach, checkResource } from "../check";
import type { LiveRegion } from "../live-region";

/** A service as it is configured. */
export interface DesiredService {
  /** Name of the container: the name of the service in `terraform.tfvars`. */
  readonly container: string;
  readonly name: string;
  readonly service: Pick<RegionalService, "scaling" | "user" | "readonlyRootFilesystem">;
  /** Lowest and highest number of tasks over all schedules. */
  readonly least: number;
  readonly most: number;
  readonly exact: boolean;
  /** Whether the number of tasks scales with the load. That of a standby can differ from that of a primary, and be exact in both. */
  readonly scales: boolean;
}

export function desiredServices(live: LiveRegion): DesiredService[] {
  return live.capacity.services.map((service) => {
    const { name, qualifier, tasks, tasksAsPrimary, scaling } = service;
    // A region takeover scales a standby to the numbers of a primary.
    const ranges = [tasks, ...scaling.schedule, tasksAsPrimary];
    const least = Math.min(tasks.min, ...scaling.schedule.map(({ min }) => min));
    const most = Math.max(...ranges.map(({ max }) => max));
    return {
      container: name,
      name: live.ownNames.of("ecs_service", qualifier),
      service,
      least,
      most,
      exact: least === most,
      scales: elastic(tasks),
    };
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
