import type { Config } from "../../config/config";
import type { Connection } from "../../modules/connections/connection";

/** Parameter that states whether the service may write: `allowed`, or `frozen` during the takeover of another region. */
export const WRITES_PARAMETER = "service/writes";

/** Parameters from the configuration that every service reads. */
export function platformSettings({ sessions, featureFlags, runbooks, regions }: Config): Connection {
  const flags = Object.entries(featureFlags).map(([name, value]) => [`flags/${name}`, value] as const);
  return {
    parameters: {
      "sessions/store": sessions,
      ...(runbooks.enabled && regions.length > 1 && { [WRITES_PARAMETER]: { value: "allowed", changedByRunbook: true } }),
      ...Object.fromEntries(flags),
    },
    variables: { SESSION_STORE: "sessions/store" },
    permissions: [],
  };
}
