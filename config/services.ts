import type { RawConfig } from "./schema";

/** The service that every platform has, by the name that its container has, and by which others name it. */
export const FIRST_SERVICE = "payments";

type Own = RawConfig["service"];
type Other = RawConfig["services"][string];

/** A further service with everything that it takes over from the first. */
export type CompleteService = Own & { [Key in Exclude<keyof Other, keyof Own>]-?: Exclude<Other[Key], undefined> };

/** The further services, complete. */
export function furtherServices({ service, services }: Pick<RawConfig, "service" | "services">): Record<string, CompleteService> {
  return Object.fromEntries(
    Object.entries(services).map(([name, other]) => {
      // Times and numbers of requests are each service's own.
      const scaling = { ...service.scaling, schedule: [], requests_per_task: undefined, ...withoutUndefined(other.scaling ?? {}) };
      const own = { container_command: [], task_environment: {}, paths: [], called_by: [], stores: [] };
      return [name, { ...own, ...service, ...withoutUndefined(other), scaling }];
    }),
  );
}

/** Every service, the first too, with the key of `terraform.tfvars` that describes it. */
export function everyService(config: Pick<RawConfig, "service" | "services">): { readonly where: string; readonly service: Own }[] {
  const others = Object.entries(furtherServices(config)).map(([name, service]) => ({ where: `services.${name}`, service }));
  return [{ where: "service", service: config.service }, ...others];
}

function withoutUndefined<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as never;
}
