import type { RawConfig } from "./schema";
import { ACCESS, isCreated } from "./access";

/** The service that every platform has, by the name that its container has, and by which others name it. */
export const PRIMARY_SERVICE = "payments";

type Own = RawConfig["service"];
type Additional = RawConfig["services"][string];

/** A service with everything that it does not say itself taken over from `service`. Keys as in `terraform.tfvars`. */
export type RawService = Own & {
  readonly [Key in Exclude<keyof Additional, keyof Own>]-?: Exclude<Additional[Key], undefined>;
} & {
  /** As its container is called, and as others call it: `ledger`. */
  readonly name: string;
  /** Tells names of its resources apart from those of other services: its own name; nothing for the primary service. */
  readonly qualifier: string;
  /** The key of `terraform.tfvars` that describes it: `services.ledger`. */
  readonly key: string;
  /** Whether it gets every request that no other service gets. */
  readonly isDefault: boolean;
  readonly image: string;
};

/** Every service, complete, the primary one first: from here on there is no other list of them. */
export function everyService(config: RawConfig): RawService[] {
  const { service, services, service_images } = config;
  const primary: RawService = {
    container_command: config.container_command,
    task_environment: config.task_environment,
    paths: [],
    called_by: [],
    access: ACCESS.filter((access) => isCreated(access, config)),
    ...service,
    name: PRIMARY_SERVICE,
    qualifier: "",
    key: "service",
    isDefault: true,
    image: config.container_image,
  };
  const additional = Object.entries(services).map(([name, own]): RawService => {
    // Times and numbers of requests are each service's own.
    const scaling = { ...service.scaling, schedule: [], requests_per_task: undefined, ...withoutUndefined(own.scaling ?? {}) };
    return {
      container_command: [],
      task_environment: {},
      paths: [],
      called_by: [],
      access: [],
      ...service,
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
