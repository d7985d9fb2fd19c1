import type { Config } from "../config/config";

/** The default tags of the provider, also for resources that are created without the provider. */
export function allTags({ tags, environment, environmentSuffix }: Config): Record<string, string> {
  return { ...tags, Environment: environment, DisasterRecovery: "enabled", EnvironmentSuffix: environmentSuffix, ManagedBy: "standfast" };
}
