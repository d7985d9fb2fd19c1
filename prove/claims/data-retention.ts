import type { Graph } from "../graph/graph";
import { everywhere, keyOf, type Located } from "../graph/located";
import { type Resource, text } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";
import { isPreventedFromDestroy } from "./clusters";
import { configuredFor, type DataBucket, dataBuckets } from "./data-buckets";
import { attackersOf, lockOf, vaultDenies } from "./vaults";

const LEAST_DAYS = 7;

/** Calls by which a principal with every permission deletes backups, or takes the policy away that denies it. */
const DELETING = [
  "backup:DeleteRecoveryPoint",
  "backup:UpdateRecoveryPointLifecycle",
  "backup:PutBackupVaultAccessPolicy",
  "backup:DeleteBackupVaultAccessPolicy",
  "backup:DeleteBackupVault",
] as const;
const UNLOCKING = "backup:DeleteBackupVaultLockConfiguration";

/** Arguments by which AWS refuses to delete a resource. */
const PROTECTION: Readonly<Record<string, string>> = {
  aws_rds_cluster: "deletion_protection",
  aws_rds_global_cluster: "deletion_protection",
  aws_dynamodb_table: "deletion_protection_enabled",
};
/** Arguments by which the deletion of a resource also deletes what is in it. */
const FORCE: readonly string[] = ["aws_backup_vault", "aws_rds_global_cluster", "aws_s3_bucket"];

export const DATA_RETENTION_CLAIMS: readonly Claim[] = [
  {
    id: "B7",
    title: "Where one part of the platform is protected from a destroy or an attacker, data and backups are, in every region",
    decide: (graph, stacks) => {
      const parts = partsOf(graph, stacks);
      const all = stacks.flatMap((stack) => partsOf(stack, stacks));
      const asked = all.some(({ resource }) => isPreventedFromDestroy(resource) || isProtected(resource));
      const vaults = everywhere(stacks, "aws_backup_vault");
      const guarded = vaults.some((vault) => lockOf(vault) !== undefined || hasPolicy(vault));
      if (parts.length === 0 || (!asked && !guarded)) return notApplicable("Nothing is protected: a destroy deletes all resources.");
      const faults = [
        ...(asked ? parts.flatMap((part) => destroyFaults(part, all)) : []),
        ...vaults.filter((vault) => guarded && vault.graph === graph).flatMap((vault) => attackFaults(vault, vaults)),
        ...objectLockFaults(graph, stacks),
      ];
      return decided(
        [...new Set(faults)],
        parts.map(({ resource }) => resource.address),
        "A destroy fails, and no principal but the administrator of the backups can delete them.",
      );
    },
  },
];

/** What has data in it, and the keys without which they cannot be read. */
function partsOf(graph: Graph, stacks: readonly Graph[]): readonly Located[] {
  const parts = ["aws_rds_cluster", "aws_rds_global_cluster", "aws_dynamodb_table", "aws_backup_vault"].flatMap((type) =>
    everywhere([graph], type),
  );
  const keys = parts.flatMap(({ resource: { values } }) => {
    const key = keyOf(stacks, graph, values["kms_key_id"] ?? values["kms_key_arn"]);
    return key?.kind === "key" && key.located.graph === graph ? [key.located] : [];
  });
  return [...new Map([...parts, ...keys, ...dataBuckets(graph)].map((part) => [part.resource.address, part])).values()];
}

function isProtected({ type, values }: Resource): boolean {
  const argument = PROTECTION[type];
  return argument !== undefined && text(values[argument]) === "true";
}

function destroyFaults({ resource }: Located, all: readonly Located[]): string[] {
  const { address, type, values } = resource;
  const argument = PROTECTION[type];
  const prevented = all.some((other) => other.resource.type === type && isPreventedFromDestroy(other.resource));
  return [
    ...(argument === undefined || isProtected(resource) ? [] : [`A destroy deletes ${address}, which has no ${argument}.`]),
    ...(FORCE.includes(type) && text(values["force_destroy"]) === "true" ? [`A destroy of ${address} deletes what is in it.`] : []),
    ...(prevented && !isPreventedFromDestroy(resource) ? [`A plan can destroy or replace ${address}, and not others of its type.`] : []),
  ];
}

/** Whether the policy of a vault denies a call to every attacker. */
const isDenied = (vault: Located, action: string): boolean => attackersOf(vault).every((attacker) => vaultDenies(vault, action, attacker));

const hasPolicy = (vault: Located): boolean => DELETING.some((action) => isDenied(vault, action));

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html */
function attackFaults(vault: Located, all: readonly Located[]): string[] {
  const { address } = vault.resource;
  const lock = lockOf(vault);
  const locks = all.map(lockOf);
  const allowed = DELETING.filter((action) => !isDenied(vault, action));
  const isLocked = lock !== undefined && (lock.isFinal || isDenied(vault, UNLOCKING));
  return [
    ...(all.some(hasPolicy) && allowed.length > 0 ? [`The policy of ${address} does not deny ${allowed.join(", ")} to other roles.`] : []),
    ...(locks.some((other) => other !== undefined) && lock === undefined ? [`${address} has no lock, and another vault has one.`] : []),
    ...(lock && !isLocked ? [`An attacker with permissions for AWS Backup can remove ${lock.resource.address}.`] : []),
    ...(lock && !lock.isFinal && locks.some((other) => other?.isFinal)
      ? [`${lock.resource.address} can be removed at any time, and the lock of another vault cannot.`]
      : []),
    ...(lock && lock.leastDays < LEAST_DAYS
      ? [`${lock.resource.address} allows backups that are deleted after ${lock.leastDays} days.`]
      : []),
    ...(allowed.length > 0 && !isLocked ? [`An attacker can delete the backups in ${address}.`] : []),
  ];
}

/** Objects that cannot be deleted in one region can be deleted in none. */
function objectLockFaults(graph: Graph, stacks: readonly Graph[]): string[] {
  const isLocked = (bucket: DataBucket): boolean =>
    configuredFor(bucket.graph, "aws_s3_bucket_object_lock_configuration", bucket) !== undefined;
  if (!stacks.flatMap(dataBuckets).some(isLocked)) return [];
  return dataBuckets(graph)
    .filter((bucket) => !isLocked(bucket))
    .map(({ resource }) => `Objects in ${resource.address} can be deleted, and those in another bucket cannot.`);
}
