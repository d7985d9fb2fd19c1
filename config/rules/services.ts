import { FIRST_SERVICE, furtherServices } from "../services";
import { type Rule, when } from "./rule";

/** Services beside the first: how they are named, reached and found. */
export const FURTHER_SERVICE_RULES: readonly Rule[] = [
  {
    reads: ["services", "service_images"],
    check: ({ services, service_images }) => [
      ...when(FIRST_SERVICE in services, {
        where: `services.${FIRST_SERVICE}`,
        given: services[FIRST_SERVICE],
        why: "is the first service's own name",
        instead: "service = { ... } for the first, another name for a further one",
      }),
      ...Object.keys(services)
        .filter((name) => !(name in service_images))
        .map((name) => ({
          where: `services.${name}`,
          given: services[name],
          why: "has no image",
          instead: `service_images = { ${name} = "registry.bank.net/${name}:1.0.0" }`,
        })),
      ...Object.keys(service_images)
        .filter((name) => !(name in services))
        .map((name) => ({
          where: `service_images.${name}`,
          given: service_images[name],
          why: "is the image of a service that is not there",
          instead: `services = { ${name} = { ... } }, or leave it out`,
        })),
    ],
  },
  {
    reads: ["services", "discovery"],
    check: (config) =>
      Object.entries(furtherServices(config)).flatMap(([name, { called_by }]) => [
        ...called_by
          .filter((caller) => (caller !== FIRST_SERVICE && !(caller in config.services)) || caller === name)
          .map((caller) => ({
            where: `services.${name}.called_by`,
            given: caller,
            why: caller === name ? "is the service itself" : "is not a service",
            instead: [FIRST_SERVICE, ...Object.keys(config.services).filter((other) => other !== name)].join(", "),
          })),
        ...when(called_by.length > 0 && config.discovery === "none", {
          where: `services.${name}.called_by`,
          given: called_by,
          why: "has callers, which have no name to call it by",
          instead: 'discovery = "dns", or "service-connect"',
          source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/interconnecting-services.html",
        }),
      ]),
  },
  {
    reads: ["services", "validation", "front_door.health_check.path"],
    check: (config) => {
      const { validation, front_door } = config;
      const routes = [
        ...Object.entries(furtherServices(config)).flatMap(([name, { paths }]) =>
          paths.map((path) => ({ where: `services.${name}.paths`, path })),
        ),
        ...(validation.enabled && validation.path !== undefined ? [{ where: "validation.path", path: validation.path }] : []),
      ];
      return routes.flatMap(({ where, path }, index) => [
        ...when(leads(path, front_door.health_check.path), {
          where,
          given: path,
          why: `takes in ${front_door.health_check.path}, where the health of the first service is asked for: it would not get the question any more`,
          instead: "a path without it",
        }),
        ...routes.slice(0, index).flatMap((other) =>
          when(leads(path, other.path) || leads(other.path, path), {
            where,
            given: path,
            why: `overlaps with ${other.path} of ${other.where}, and which of them wins would depend on their names`,
            instead: "paths that have nothing in common",
          }),
        ),
      ]);
    },
  },
];

/** Whether a path pattern of the load balancer takes in another path, wildcards as they stand. */
function leads(pattern: string, path: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\$]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`).test(path);
}
