import { CANDIDATE, CANDIDATE_PRIORITY } from "../candidate";
import { callCycle } from "../call-cycle";
import { patternsOverlap, priorityOf, VALIDATION_ROUTE } from "../routes";
import { PRIMARY_SERVICE } from "../services";
import { howToCreate, isCreated } from "../access";
import { problemIf, type Rule } from "./rule";

/** Additional services: names, access, routes and discovery. */
export const ADDITIONAL_SERVICE_RULES: readonly Rule[] = [
  {
    reads: ["services", "service_images", "release_in_steps"],
    check: ({ services, service_images, release_in_steps }) => [
      ...problemIf(PRIMARY_SERVICE in services, {
        where: `services.${PRIMARY_SERVICE}`,
        given: services[PRIMARY_SERVICE],
        why: "is the name of the primary service",
        instead: "service = { ... } for the primary service, or another name for an additional service",
      }),
      ...problemIf(VALIDATION_ROUTE in services, {
        where: `services.${VALIDATION_ROUTE}`,
        given: services[VALIDATION_ROUTE],
        why: "is the name of the route to the validation function",
        instead: `another name, e.g. ${VALIDATION_ROUTE}s`,
      }),
      ...problemIf(release_in_steps && CANDIDATE in services, {
        where: `services.${CANDIDATE}`,
        given: services[CANDIDATE],
        why: "is the name of the service that release_in_steps creates",
        instead: "another name, or release_in_steps = false",
      }),
      ...Object.keys(services)
        .filter((name) => release_in_steps && priorityOf(name) === CANDIDATE_PRIORITY)
        .map((name) => ({
          where: `services.${name}`,
          given: services[name],
          why: "the name determines the priority of the listener rule, and the rule of release_in_steps has the same priority",
          instead: "another name",
        })),
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
          why: "is the image of a service that does not exist",
          instead: `services = { ${name} = { ... } }, or remove the image`,
        })),
    ],
  },
  {
    reads: ["services", "discovery"],
    check: (config) =>
      config.everyService.flatMap(({ name, key, called_by }) => [
        ...called_by
          .filter((caller) => (caller !== PRIMARY_SERVICE && !(caller in config.services)) || caller === name)
          .map((caller) => ({
            where: `${key}.called_by`,
            given: caller,
            why: caller === name ? "is the service itself" : "is not a service",
            instead: [PRIMARY_SERVICE, ...Object.keys(config.services).filter((other) => other !== name)].join(", "),
          })),
        ...problemIf(called_by.length > 0 && config.discovery === "none", {
          where: `${key}.called_by`,
          given: called_by,
          why: 'has callers, but discovery = "none" gives the service no name for them',
          instead: 'discovery = "dns", or "service-connect"',
          source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/interconnecting-services.html",
        }),
      ]),
  },
  {
    reads: ["services", "discovery"],
    check: (config) => {
      const cycle = config.discovery === "service-connect" ? callCycle(config.everyService) : undefined;
      return problemIf(cycle !== undefined, {
        where: `services.${cycle?.at(-1)}.called_by`,
        given: config.services[cycle?.at(-1) ?? ""]?.called_by,
        why: `the services call each other in a cycle (${cycle?.join(" calls ")}); a task of Service Connect knows only the endpoints that exist when it starts, so each would have to start after the other`,
        instead: 'discovery = "dns", which resolves names at every call; or called_by without a cycle',
        source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html",
      });
    },
  },
  {
    reads: ["services", "sessions", "storage", "events", "validation"],
    check: (config) =>
      config.everyService.flatMap(({ key, access }) =>
        access.flatMap((given) =>
          problemIf(!isCreated(given, config), {
            where: `${key}.access`,
            given,
            why: "does not exist: the service would receive neither settings nor permissions for it",
            instead: `${howToCreate(given)}, or remove "${given}"`,
          }),
        ),
      ),
  },
  {
    reads: ["service", "services"],
    check: (config) =>
      config.everyService.flatMap(({ key, name, isDefault, paths, scaling }) =>
        problemIf(!isDefault && paths.length === 0 && scaling.requests_per_task !== undefined, {
          where: `${key}.scaling.requests_per_task`,
          given: scaling.requests_per_task,
          why: "counts the requests that the load balancer routes to the service, which has no paths: the count would be 0",
          instead: `paths = ["/${name}/*"], or scale by cpu_percent and memory_percent only`,
          source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html",
        }),
      ),
  },
  {
    reads: ["services", "validation"],
    check: (config) => {
      const routed = config.everyService.flatMap(({ name, paths }) => (paths.length > 0 ? [name] : []));
      const { enabled, path } = config.validation;
      const names = [...(enabled && path !== undefined ? [VALIDATION_ROUTE] : []), ...routed];
      return names.flatMap((name, index) =>
        names
          .slice(0, index)
          .filter((other) => other !== name && priorityOf(other) === priorityOf(name))
          .map((other) => ({
            where: `services.${name}`,
            given: config.services[name],
            why: `the name determines the priority of the listener rule, and ${other} has the same priority: AWS rejects this at apply`,
            instead: "rename one of the two",
            source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html",
          })),
      );
    },
  },
  {
    reads: ["services", "validation", "load_balancer.health_check.path"],
    check: (config) => {
      const { validation, load_balancer } = config;
      const routes = [
        ...config.everyService.flatMap(({ key, paths }) => paths.map((path) => ({ where: `${key}.paths`, path }))),
        ...(validation.enabled && validation.path !== undefined ? [{ where: "validation.path", path: validation.path }] : []),
      ];
      return routes.flatMap(({ where, path }, index) => [
        ...problemIf(patternsOverlap(path, load_balancer.health_check.path), {
          where,
          given: path,
          why: `contains ${load_balancer.health_check.path}, the health check path of the primary service: health checks would be routed to this target`,
          instead: "a path that does not match it",
        }),
        ...routes.slice(0, index).flatMap((other) =>
          problemIf(other.where !== where && patternsOverlap(path, other.path), {
            where,
            given: path,
            why: `overlaps with ${other.path} of ${other.where}, so the target would depend on the names`,
            instead: "paths that do not overlap",
          }),
        ),
      ]);
    },
  },
];
