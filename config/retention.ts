import type { Config } from "./config";

/**
 * What remains after a destroy. By default, a destroy deletes all resources. With `protect = true`, a destroy is rejected. A
 * final snapshot is independent of it, because it is made after the protection is taken away.
 */
export interface Retention {
  /** Whether a plan that would destroy or replace a resource with data fails. */
  readonly preventDestroy: boolean;
  /** Deletion protection of databases and load balancers. */
  readonly deletionProtection: boolean;
  /** Whether the deletion of a bucket deletes its objects. */
  readonly forceDestroy: boolean;
  /** Recovery window of a deleted secret in days. Its name is in use for this time; 0 releases the name immediately. */
  readonly secretRecoveryDays: number;
  /** Waiting period until KMS deletes a key, in days, 7 to 30. In this time, the keys of final snapshots can be kept. */
  readonly keyDeletionDays: number;
}

export function retention({ protect, database, cache }: Pick<Config, "protect" | "database" | "cache">): Retention {
  return {
    preventDestroy: protect,
    deletionProtection: protect,
    forceDestroy: !protect,
    secretRecoveryDays: protect ? 30 : 0,
    keyDeletionDays: protect || database.finalSnapshot || cache.finalSnapshot ? 30 : 7,
  };
}
