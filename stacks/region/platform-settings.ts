import type { Connection } from "../../modules/connections/connection";
import { WRITES_PARAMETER } from "../platform-regions";
import type { RegionContext } from "./context";

/** Parameters from the configuration that every service reads. */
export function platformSettings({ config, isPrimary }: RegionContext): Connection {
  const { sessions, featureFlags, regions } = config;
  const flags = Object.entries(featureFlags).map(([name, value]) => [`flags/${name}`, value] as const);
  return {
    parameters: {
      "sessions/store": sessions,
      ...(regions.length > 1 && { [WRITES_PARAMETER]: { value: isPrimary ? "allowed" : "frozen", changedByRunbook: true } }),
      ...Object.fromEntries(flags),
    },
    variables: { SESSION_STORE: "sessions/store" },
    permissions: [],
  };
}
