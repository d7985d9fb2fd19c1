import type { Camel } from "./camel-case";
import type { RawConfig } from "./schema";
import type { RawService } from "./services";

/** A service with all of its keys. */
export type ServiceConfig = Camel<RawService>;

/** Keys of `terraform.tfvars` that the list of services replaces. */
export const KEYS_OF_SERVICES = [
  "service",
  "services",
  "service_images",
  "container_image",
  "container_command",
  "task_environment",
] as const satisfies readonly (keyof RawConfig)[];

/** The whole configuration: validated, complete and frozen plain data. */
export type Config = Camel<Omit<RawConfig, "environment" | (typeof KEYS_OF_SERVICES)[number]>> & {
  /** Value of the `Environment` tag. @default - the suffix */
  readonly environment: string;
  /** All services, the primary service first. */
  readonly services: readonly ServiceConfig[];
};

export type RegionConfig = Config["regions"][number];

export function regionNames({ regions }: Config): string[] {
  return regions.map(({ name }) => name);
}

/** The first region. It owns what exists once: the table of the sessions, whose replicas are elsewhere, and the password. */
export function firstRegion({ regions }: Config): string {
  const [first] = regions;
  if (!first) throw new Error("no region");
  return first.name;
}

/** The region that has the writer unless a takeover has changed it, and the state of the stacks that belong to no region. */
export function primaryRegion(config: Config): string {
  return config.primaryRegion ?? firstRegion(config);
}

/** The regions in the order in which DNS prefers them: the primary region, then the others in their order. */
export function regionsByPreference(config: Config): readonly RegionConfig[] {
  const primary = primaryRegion(config);
  return [...config.regions.filter(({ name }) => name === primary), ...config.regions.filter(({ name }) => name !== primary)];
}

export function primaryService({ services }: Config): ServiceConfig {
  const [first] = services;
  if (!first) throw new Error("no service");
  return first;
}
