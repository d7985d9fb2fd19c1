import type { Located } from "../graph/located";
import { type Resource, text } from "../graph/values";
import { denies, readPolicy } from "../iam/role-permissions";
import type { Statement } from "../iam/policy";

/** The lock of a vault. */
export interface VaultLock {
  readonly resource: Resource;
  readonly leastDays: number;
  readonly mostDays: number;
  /** Whether it cannot be removed after some days: compliance mode. */
  readonly isFinal: boolean;
}

/** What refers to a vault by its name. */
function belonging(type: string, { graph, resource }: Located): readonly Resource[] {
  const name = graph.text(resource.values["name"]);
  return graph.all(type).filter(({ values }) => {
    const target = graph.target(values["backup_vault_name"]);
    return target ? target === resource : name !== undefined && graph.text(values["backup_vault_name"]) === name;
  });
}

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html */
export function lockOf(vault: Located): VaultLock | undefined {
  const [resource] = belonging("aws_backup_vault_lock_configuration", vault);
  if (!resource) return undefined;
  const days = (argument: string, otherwise: number): number => Number(vault.graph.text(resource.values[argument]) ?? otherwise);
  return {
    resource,
    leastDays: days("min_retention_days", 0),
    mostDays: days("max_retention_days", Infinity),
    isFinal: text(resource.values["changeable_for_days"]) !== undefined,
  };
}

/** Whether the policy of a vault denies a call of a principal. */
export function vaultDenies(vault: Located, action: string, principal: string | undefined): boolean {
  const caller = principal ?? "*";
  const context = { "aws:PrincipalArn": caller, "aws:PrincipalIsAWSService": "false" };
  return denies(policyOf(vault), { action, resource: "*", principal: caller, context });
}

/** Roles that an attacker can have or create: any role of the account, and one for each exception of the policy with a wildcard. */
export function attackersOf(vault: Located): readonly string[] {
  const exceptions = policyOf(vault).flatMap(({ conditions }) => Object.values(conditions).flatMap((keys) => Object.values(keys).flat()));
  return [
    `arn:aws:iam::${String(vault.graph.account)}:role/attacker`,
    ...exceptions.filter((pattern) => pattern.includes("*")).map((pattern) => pattern.replaceAll("*", "attacker")),
  ];
}

function policyOf(vault: Located): readonly Statement[] {
  const { graph } = vault;
  return belonging("aws_backup_vault_policy", vault).flatMap(({ values }) => readPolicy(graph, values["policy"]));
}
