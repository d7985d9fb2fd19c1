import type { Config } from "../config/config";
import { minorVersion, WRITE_ONLY_MINOR } from "../config/terraform-version";
import type { Engine } from "../modules/database/engine";

/** The engine as the database knows it. */
export function engineOf({ database }: Config): Engine {
  const { engine: kind, engineVersion: version, backtrackHours } = database;
  return kind === "aurora-mysql"
    ? { kind, version, ...(backtrackHours !== undefined && { backtrackSeconds: backtrackHours * 3600 }) }
    : { kind, version };
}

/**
 * Whether the password comes from a secret of the platform's own, which `global` makes. Wherever Terraform can write it
 * without knowing it: RDS manages none in a global database; the one that it manages belongs to one cluster, so that a
 * restored one would not know it; and it changes every week by itself, while tasks know the one they started with.
 */
export function hasOwnSecret(config: Config): boolean {
  return minorVersion(config.terraformVersion) >= WRITE_ONLY_MINOR;
}
