/**
 * Tag of a cluster of a global database whose value is `true` while the cluster is the writer. A function of each region
 * sets and removes it, so Terraform ignores it.
 */
export const WRITER_TAG = "standfast:writer";
export const WRITER_TAG_VALUE = "true";
