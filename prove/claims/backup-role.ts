import type { Graph } from "../graph/graph";
import { aliasesOf, arnIn, keyOf, type Located } from "../graph/located";
import type { Resource } from "../graph/values";
import { may, roleOf, trusts } from "../iam/role-permissions";
import type { Call } from "../iam/policy";
import type { Copy, Selection } from "./backup-plans";
import { type Cluster } from "./clusters";

/**
 * Why AWS Backup cannot back a cluster up with the role of a selection, or cannot copy the backups.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 */
export function backupRoleFaults(cluster: Cluster, { resource, rules }: Selection, stacks: readonly Graph[]): string[] {
  const { graph } = cluster;
  const role = roleOf(graph, resource.values["iam_role_arn"]);
  if (!role) return [`${resource.address} names a role that is not in this JSON.`];
  if (!trusts(graph, role, "backup.amazonaws.com")) return [`AWS Backup may not assume ${role.address}.`];
  const byTag = resource.values["condition"] !== undefined || resource.values["selection_tag"] !== undefined;
  const copies = rules.flatMap((rule) => rule.copies);
  const calls = [
    ...snapshotCalls(cluster),
    ...(byTag ? [{ action: "tag:GetResources", resource: "*" }] : []),
    ...copies.flatMap((copy) => copyCalls(cluster, copy)),
  ];
  const keys = [
    keyOf(stacks, graph, cluster.resource.values["kms_key_id"]),
    ...copies.map(({ vault }) => vault && keyOf(stacks, vault.graph, vault.resource.values["kms_key_arn"])),
  ].flatMap((key) => (key?.kind === "key" ? [key.located] : []));
  return [
    ...calls.filter((call) => !may(graph, role, call)).map(({ action, resource: on }) => `${role.address} may not ${action} on ${on}.`),
    ...keys.flatMap((key) => keyFaults(graph, role, key)),
  ];
}

/** A snapshot that AWS Backup makes. */
function snapshotArn({ region, graph }: Located, copyRegion = region): string {
  return `arn:aws:rds:${String(copyRegion)}:${String(graph.account)}:cluster-snapshot:awsbackup:job-1`;
}

function snapshotCalls(cluster: Cluster): readonly (Call & { readonly resource: string })[] {
  const arn = arnIn(cluster.graph, cluster.resource) ?? cluster.resource.address;
  const snapshot = snapshotArn(cluster);
  return [
    { action: "rds:DescribeDBClusters", resource: arn },
    { action: "rds:CreateDBClusterSnapshot", resource: arn },
    { action: "rds:CreateDBClusterSnapshot", resource: snapshot },
    { action: "rds:AddTagsToResource", resource: snapshot },
    { action: "rds:DescribeDBClusterSnapshots", resource: snapshot },
  ];
}

function copyCalls(cluster: Cluster, { arn, vault }: Copy): readonly (Call & { readonly resource: string })[] {
  if (arn === undefined) return [];
  const snapshot = snapshotArn(cluster);
  return [
    { action: "backup:CopyFromBackupVault", resource: snapshot },
    { action: "backup:CopyIntoBackupVault", resource: arn },
    { action: "rds:CopyDBClusterSnapshot", resource: snapshot },
    ...(vault ? [{ action: "rds:CopyDBClusterSnapshot", resource: snapshotArn(cluster, vault.region) }] : []),
  ];
}

/** RDS gets a grant on the key, in the name of the role. */
function keyFaults(graph: Graph, role: Resource, key: Located): string[] {
  const context = { "kms:ResourceAliases": aliasesOf(key), "kms:GrantIsForAWSResource": "true" };
  const names = [
    `arn:aws:kms:${String(key.region)}:${String(key.graph.account)}:key/12345678-1234-1234-1234-123456789012`,
    ...(key.graph === graph ? [`\${${key.resource.address}.arn}`] : []),
  ];
  return ["kms:DescribeKey", "kms:CreateGrant", "kms:GenerateDataKey", "kms:Decrypt"]
    .filter((action) => !names.some((resource) => may(graph, role, { action, resource, context })))
    .map((action) => `${role.address} may not ${action} with ${key.resource.address} in ${String(key.region)}.`);
}
