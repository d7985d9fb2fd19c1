import type { Config } from "../config/config";

/** The tags of everything, as the provider sets them: for what is made without it. */
export function allTags({ tags, environment, environmentSuffix }: Config): Record<string, string> {
  return { ...tags, Environment: environment, DisasterRecovery: "enabled", EnvironmentSuffix: environmentSuffix, ManagedBy: "standfast" };
}
