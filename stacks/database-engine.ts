import { type Config, primaryRegion } from "../config/config";
import type { Names } from "../config/naming";
import { minorVersion, WRITE_ONLY_MINOR } from "../config/terraform-version";
import type { AuroraProps } from "../modules/database/aurora-props";
import type { Engine } from "../modules/database/engine";
import { globalDatabaseName } from "../modules/database/global-database";

/** The engine settings of the database module. */
export function engineOf({ database }: Config): Engine {
  const { engine: kind, engineVersion: version, backtrackHours } = database;
  return kind === "aurora-mysql"
    ? { kind, version, ...(backtrackHours !== undefined && { backtrackSeconds: backtrackHours * 3600 }) }
    : { kind, version };
}

/**
 * Whether the password is in a secret that the stack `global` creates. It is, if Terraform supports write-only arguments. A
 * password that RDS manages is not available in a global database, belongs to one cluster and not to a restored one, and is
 * rotated every week, while tasks use the password with which they started.
 */
export function hasOwnSecret(config: Config): boolean {
  return minorVersion(config.terraformVersion) >= WRITE_ONLY_MINOR;
}

/** A single region has a standalone cluster. Several regions share a global database, whose primary is in the primary region. */
export function membershipOf(config: Config, region: string, names: Names): AuroraProps["membership"] {
  if (config.regions.length === 1) return { kind: "alone" };
  const globalCluster = globalDatabaseName(names);
  const primary = primaryRegion(config);
  return region === primary ? { kind: "primary", globalCluster } : { kind: "secondary", globalCluster, primaryRegion: primary };
}
