import type { Config } from "../../config/config";
import type { Connection } from "../../modules/connections/connection";

/** The parameter that says whether the program may write: `allowed`, or `frozen` while another region takes over. */
export const WRITES_PARAMETER = "service/writes";

/** What the platform's owner decides at synth, and every service reads. */
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
