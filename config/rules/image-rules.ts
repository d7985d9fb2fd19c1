import { ANYWHERE } from "../cidr";
import { knownRegistries, PRIVATE_REGISTRY, repositoryOf } from "../registry";
import type { RawConfig } from "../schema";
import { problemIf, repeated, type Rule, type RuleInput } from "./rule";

const ENDPOINTS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html";

/** Images, and the registries that tasks can reach. */
export const IMAGE_RULES: readonly Rule[] = [
  {
    reads: ["container_image", "candidate_release", "service_images", "service", "services"],
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
    reads: ["container_image", "candidate_release", "service_images", "service", "services", "regions", "images"],
    check: (config) => {
      const known = new RegExp(knownRegistries([config.account_id, ...config.images.registry_accounts], config.regions));
      return images(config).flatMap(({ where, given }) =>
        problemIf(isPrivate(given) && !known.test(given), {
          where,
          given,
          why: "is in the private registry of another account or region; tasks may pull from the registries of their own account and of images.registry_accounts, in their own region only",
          instead: `an image in ${exampleOf(config)}, to which the repository is replicated; or the account in images.registry_accounts`,
          source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html",
        }),
      );
    },
  },
  {
    reads: ["container_image", "candidate_release", "service_images", "service", "services", "network.outbound_cidrs", "regions", "images"],
    check: (config) =>
      images(config).flatMap(({ where, given }) =>
        config.network.outbound_cidrs.length === 0
          ? [
              ...problemIf(!isPrivate(given), {
                where,
                given,
                why: "is in a registry that tasks without internet egress cannot reach: the interface endpoints serve private registries of ECR only",
                instead: `an image in ${exampleOf(config)}, or outbound_cidrs = ["${ANYWHERE}"]`,
                source: ENDPOINTS,
              }),
              ...problemIf(isPrivate(given) && isCached(config, given), {
                where,
                given,
                why: "is in a pull-through cache, whose first pull of an image needs a route to the internet from the subnet of the task",
                instead: `an image in a repository of ${exampleOf(config)} that is no cache, or outbound_cidrs = ["${ANYWHERE}"]`,
                source: ENDPOINTS,
              }),
            ]
          : [],
      ),
  },
  {
    reads: ["candidate_release", "release_in_steps"],
    check: ({ candidate_release: { image, percent }, release_in_steps }) => [
      ...problemIf(image !== "" && !release_in_steps, {
        where: "candidate_release.image",
        given: image,
        why: "has no effect: there is no service that runs it",
        instead: "release_in_steps = true",
      }),
      ...problemIf(image === "" && percent > 0, {
        where: "candidate_release.percent",
        given: percent,
        why: "requests cannot be routed to a candidate without an image",
        instead: "percent = 0, or an image",
      }),
    ],
  },
  {
    reads: ["images", "account_id"],
    check: ({ images: { registry_accounts, registry_secrets, repositories }, account_id }) => [
      ...problemIf(registry_accounts.includes(account_id), {
        where: "images.registry_accounts",
        given: account_id,
        why: "is the account of the platform, whose registry needs no entry",
        instead: "the ids of other accounts, or []",
      }),
      ...Object.keys(registry_secrets)
        .filter((host) => /[.]amazonaws[.]com$|^public[.]ecr[.]aws$/.test(host))
        .map((host) => ({
          where: `images.registry_secrets.${host}`,
          given: registry_secrets[host],
          why: "is a registry of ECR, in which tasks log in with their role; ECS would use the secret instead, whose password ECR accepts for 12 hours only",
          instead: "images.registry_accounts for a registry of another account, or nothing for public.ecr.aws",
          source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
        })),
      ...repeated(repositories).map((given) => ({
        where: "images.repositories",
        given,
        why: "is twice in the list",
        instead: "each name once",
      })),
    ],
  },
];

interface Image {
  readonly where: string;
  readonly given: string;
}

/** Every image with its key, those of sidecars and collectors included. */
function images({ container_image, candidate_release, service_images, everyService }: RuleInput): readonly Image[] {
  const additional = Object.entries(service_images).map(([name, given]) => ({ where: `service_images.${name}`, given }));
  const beside = everyService.flatMap(({ key, sidecars, tracing }) => [
    ...Object.entries(sidecars).map(([name, { image }]) => ({ where: `${key}.sidecars.${name}.image`, given: image })),
    ...(tracing ? [{ where: `${key}.tracing.collector_image`, given: tracing.collector_image }] : []),
  ]);
  const candidate = candidate_release.image === "" ? [] : [{ where: "candidate_release.image", given: candidate_release.image }];
  const all = [{ where: "container_image", given: container_image }, ...candidate, ...additional, ...beside];
  // Additional services inherit the collector of `service`, which is reported once.
  return all.filter(({ where, given }, index) => !where.includes(".tracing.") || all.findIndex((image) => image.given === given) === index);
}

function isPrivate(image: string): boolean {
  return new RegExp(PRIVATE_REGISTRY).test(image);
}

/** Whether a private image is in a pull-through cache. */
function isCached({ images: { pull_through_prefixes } }: Pick<RawConfig, "images">, image: string): boolean {
  return pull_through_prefixes.some((prefix) => repositoryOf(image).startsWith(`${prefix}/`));
}

/** A registry that tasks may pull from. */
function exampleOf({ account_id, regions }: Pick<RawConfig, "account_id" | "regions">): string {
  return `${account_id}.dkr.ecr.${regions[0]?.name}.amazonaws.com`;
}

function namesVersion(image: string): boolean {
  const name = image.split("/").at(-1) ?? image;
  return image.includes("@sha256:") || (name.includes(":") && !name.toLowerCase().endsWith(":latest"));
}
