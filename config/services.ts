import type { RawConfig } from "./schema";
import { ACCESS, isCreated } from "./access";

/** Name of the primary service and of its container. Every platform has this service. */
export const PRIMARY_SERVICE = "payments";

type Own = RawConfig["service"];
type Additional = RawConfig["services"][string];

/** What each service has of its own, and does not inherit. */
const NO_NEEDS = { secrets: {}, statements: [], sidecars: {}, log_metrics: {} };

/** A service whose missing keys have the values of `service`. Keys as in `terraform.tfvars`. */
export type RawService = Omit<Own, keyof typeof NO_NEEDS> & {
  readonly [Key in Exclude<keyof Additional, Exclude<keyof Own, keyof typeof NO_NEEDS>>]-?: Exclude<Additional[Key], undefined>;
} & {
  /** Name of the service and of its container: `ledger`. */
  readonly name: string;
  /** Distinguishes the names of its resources from those of other services: its name; empty for the primary service. */
  readonly qualifier: string;
  /** The key of `terraform.tfvars` that contains the service: `services.ledger`. */
  readonly key: string;
  /** Whether it receives all requests that match no path of another service. */
  readonly isDefault: boolean;
  readonly image: string;
};

/** All services with all of their keys, the primary service first. */
export function everyService(config: RawConfig): RawService[] {
  const { service, services, service_images } = config;
  const primary: RawService = {
    container_command: config.container_command,
    task_environment: config.task_environment,
    paths: [],
    called_by: [],
    access: ACCESS.filter((access) => isCreated(access, config)),
    ...NO_NEEDS,
    ...withoutUndefined(service),
    name: PRIMARY_SERVICE,
    qualifier: "",
    key: "service",
    isDefault: true,
    image: config.container_image,
  };
  const additional = Object.entries(services).map(([name, own]): RawService => {
    // Schedules and request targets apply to one service only.
    const scaling = { ...service.scaling, schedule: [], requests_per_task: undefined, ...withoutUndefined(own.scaling ?? {}) };
    return {
      container_command: [],
      task_environment: {},
      paths: [],
      called_by: [],
      access: [],
      ...service,
      ...NO_NEEDS,
      ...withoutUndefined(own),
      scaling,
      name,
      qualifier: name,
      key: `services.${name}`,
      isDefault: false,
      image: service_images[name] ?? "",
    };
  });
  return [primary, ...additional];
}

function withoutUndefined<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as never;
}
