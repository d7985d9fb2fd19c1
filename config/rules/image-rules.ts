import { ANYWHERE } from "../cidr";
import { ownRegistry, PRIVATE_REGISTRY } from "../registry";
import type { RawConfig } from "../schema";
import { problemIf, type Rule } from "./rule";

const ENDPOINTS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html";

/** Images, and the registries that tasks can reach. */
export const IMAGE_RULES: readonly Rule[] = [
  {
    reads: ["container_image", "service_images"],
    check: (config) =>
      images(config).flatMap(({ where, given }) =>
        problemIf(!namesVersion(given), {
          where,
          given,
          why: "has no version, so two tasks of one deployment can run different programs and a rollback has no earlier version",
          instead: 'a tag or digest, e.g. "registry.bank.net/payments:1.4.2"',
        }),
      ),
  },
  {
    reads: ["network.outbound_cidrs", "network.interface_endpoints"],
    check: ({ network: { outbound_cidrs, interface_endpoints } }) =>
      problemIf(outbound_cidrs.length === 0 && !interface_endpoints, {
        where: "network.interface_endpoints",
        given: false,
        why: "tasks without internet egress reach no registry, no log and no secret, so no task starts",
        instead: `interface_endpoints = true, or outbound_cidrs = ["${ANYWHERE}"]`,
        source: ENDPOINTS,
      }),
  },
  {
    reads: ["container_image", "service_images", "regions"],
    check: (config) => {
      const own = new RegExp(ownRegistry(config.account_id, config.regions));
      return images(config).flatMap(({ where, given }) =>
        problemIf(isPrivate(given) && !own.test(given), {
          where,
          given,
          why: "is in the private registry of another account or region; tasks may pull from the registry of their own account and region only",
          instead: `an image in ${exampleOf(config)}; replicate the repository to it`,
          source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html",
        }),
      );
    },
  },
  {
    reads: ["container_image", "service_images", "network.outbound_cidrs", "regions"],
    check: (config) =>
      images(config).flatMap(({ where, given }) =>
        problemIf(config.network.outbound_cidrs.length === 0 && !isPrivate(given), {
          where,
          given,
          why: "is in a registry that tasks without internet egress cannot reach: the interface endpoints serve the private registry of the account only, and of a pull-through cache only the images that it already has",
          instead: `an image in ${exampleOf(config)}, or outbound_cidrs = ["${ANYWHERE}"]`,
          source: ENDPOINTS,
        }),
      ),
  },
];

interface Image {
  readonly where: string;
  readonly given: string;
}

/** Every image with its key. */
function images({ container_image, service_images }: Pick<RawConfig, "container_image" | "service_images">): readonly Image[] {
  const additional = Object.entries(service_images).map(([name, given]) => ({ where: `service_images.${name}`, given }));
  return [{ where: "container_image", given: container_image }, ...additional];
}

function isPrivate(image: string): boolean {
  return new RegExp(PRIVATE_REGISTRY).test(image);
}

/** A registry that tasks may pull from. */
function exampleOf({ account_id, regions }: Pick<RawConfig, "account_id" | "regions">): string {
  return `${account_id}.dkr.ecr.${regions[0]?.name}.amazonaws.com`;
}

function namesVersion(image: string): boolean {
  const name = image.split("/").at(-1) ?? image;
  return image.includes("@sha256:") || (name.includes(":") && !name.toLowerCase().endsWith(":latest"));
}
