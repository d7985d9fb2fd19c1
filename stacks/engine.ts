import type { Config } from "../config/load";
import type { Engine } from "../modules/database/engine";

/** The engine as the database knows it. */
export function engineOf({ database }: Config): Engine {
  const { engine: kind, engineVersion: version, backtrackHours } = database;
  return kind === "aurora-mysql"
    ? { kind, version, ...(backtrackHours !== undefined && { backtrackSeconds: backtrackHours * 3600 }) }
    : { kind, version };
}

/** Whether a rewind restores beside the live cluster: where it cannot go back in place. */
export function rewindsByRestore({ database }: Config): boolean {
  return database.rewind && database.backtrackHours === undefined;
}

/**
 * Whether the password comes from a secret of the platform's own, which `global` makes: RDS manages none in a global
 * database, and the one that it manages belongs to one cluster, so a restored one would not know it.
 */
export function hasOwnSecret(config: Config): boolean {
  return config.regions.length > 1 || rewindsByRestore(config);
}
