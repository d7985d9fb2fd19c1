import type { Service } from "@aws-sdk/client-ecs";
import { type RunningService, imageText, readRunningService, revisionOf, withoutRegistry } from "../../running-images";
import type { Check } from "../check";
import type { Live } from "../live";
import { LiveRegion } from "../live-region";
import { checkServices, desiredServices } from "./desired-services";

/**
 * The image is a value that a release changes without a synth, so that `terraform.tfvars` does not contain the released one. What
 * Terraform has applied is the newest revision of the task definition.
 */
export const IMAGES: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every service runs the newest revision of its task definition and no other one",
    requirementIds: [],
    option: "container_image",
    violations: (live) =>
      checkServices(live, async (service) => [
        ...revisionViolations(await readRunningService(live.own.ecs, service)),
        ...otherDeployments(service),
      ]),
  },
];

export const IMAGES_OF_REGIONS: readonly Check<Live>[] = [
  {
    requirement: "Every service runs the same images in all regions",
    requirementIds: [],
    option: "container_image",
    appliesTo: ({ environment }) => environment.regions.length > 1,
    violations: async (live) => {
      if (live.environment.duringRelease) return [];
      return (await differingImages(live)).map(
        (text) => `${text}: a release has not reached all regions (docs/release.md#region-by-region)`,
      );
    },
    notes: async (live) => (live.environment.duringRelease ? differingImages(live) : []),
  },
];

export function revisionViolations({ revision, newest }: RunningService): string[] {
  if (!newest) return [`runs ${revision.name}, and its task definition has no ACTIVE revision`];
  if (revision.name === newest.name) return [];
  const released = `the newest revision ${newest.name} (${imageText(newest)})`;
  return [
    `runs ${revision.name} (${imageText(revision)}), not ${released}: ECS has rolled back its deployment, or it was never started (docs/runbooks/service.md#deployments)`,
  ];
}

function otherDeployments({ deployments = [] }: Service): string[] {
  return deployments
    .filter(({ status }) => status !== "PRIMARY")
    .map(({ id, status, taskDefinition = "" }) => `deployment ${id} of ${revisionOf(taskDefinition)} is still ${status}`);
}

/** Images of one service, by region. Undefined for a region in which it does not exist, which another check reports. */
type ByRegion = ReadonlyMap<string, string | undefined>;

async function differingImages({ environment }: Live): Promise<string[]> {
  const regions = await Promise.all(environment.regions.map(async (region) => [region.name, await imagesIn(environment, region)] as const));
  const services = [...new Set(regions.flatMap(([, images]) => [...images.keys()]))];
  return services.flatMap((service) => imageDifference(service, new Map(regions.map(([region, images]) => [region, images.get(service)]))));
}

/** One fragment if the images differ by more than the registry of the region. */
export function imageDifference(service: string, images: ByRegion): string[] {
  const running = [...images].filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (new Set(running.map(([, image]) => image)).size < 2) return [];
  return [`${service}: ${running.map(([region, image]) => `${region} runs ${image}`).join(", ")}`];
}

async function imagesIn(environment: Live["environment"], region: LiveRegion["region"]): Promise<Map<string, string>> {
  const live = new LiveRegion(environment, region);
  const services = await live.services();
  const found = await Promise.all(
    desiredServices(live).map(async ({ container, name }) => {
      const service = services.find(({ serviceName }) => serviceName === name);
      if (!service) return [];
      const { revision } = await readRunningService(live.own.ecs, service);
      return [[container, withoutRegistry(revision.images[container] ?? "no image")] as const];
    }),
  );
  return new Map(found.flat());
}
