/**
 * The effect of `protect` on every resource that can remain after a destroy. By default, a destroy deletes all resources.
 * With `protect = true`, the resources with data remain.
 */
export interface Retention {
  /** Deletion protection of databases and load balancers. */
  readonly deletionProtection: boolean;
  /** Whether RDS creates a final snapshot when a cluster is deleted. */
  readonly finalSnapshot: boolean;
  /** Whether the deletion of a bucket deletes its objects. */
  readonly forceDestroy: boolean;
  /** Recovery window of a deleted secret in days. Its name is in use for this time; 0 releases the name immediately. */
  readonly secretRecoveryDays: number;
  /** Waiting period until KMS deletes a key, in days. The minimum of KMS is 7. */
  readonly keyDeletionDays: number;
}

export function retention(protect: boolean): Retention {
  return protect
    ? { deletionProtection: true, finalSnapshot: true, forceDestroy: false, secretRecoveryDays: 30, keyDeletionDays: 30 }
    : { deletionProtection: false, finalSnapshot: false, forceDestroy: true, secretRecoveryDays: 0, keyDeletionDays: 7 };
}
