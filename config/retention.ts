/**
 * What `protect` means for every resource that could outlive a destroy, decided in one place: by default everything
 * goes, with `protect = true` everything that holds data stays.
 */
export interface Retention {
  /** Deletion protection of databases and load balancers. */
  readonly deletionProtection: boolean;
  /** Whether deleting a database leaves a final snapshot behind. */
  readonly finalSnapshot: boolean;
  /** Whether deleting a bucket deletes the objects in it. */
  readonly forceDestroy: boolean;
  /** Days for which a deleted secret can be restored, and its name is taken. 0 frees the name at once. */
  readonly secretRecoveryDays: number;
  /** Days until a deleted key is gone; 7 is the least that KMS takes. */
  readonly keyDeletionDays: number;
}

export function retention(protect: boolean): Retention {
  return protect
    ? { deletionProtection: true, finalSnapshot: true, forceDestroy: false, secretRecoveryDays: 30, keyDeletionDays: 30 }
    : { deletionProtection: false, finalSnapshot: false, forceDestroy: true, secretRecoveryDays: 0, keyDeletionDays: 7 };
}
