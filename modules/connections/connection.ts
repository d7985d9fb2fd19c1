import type { ITerraformDependable } from "cdktf";
import type { Statement } from "../iam/policy";
import type { SecurityGroup } from "../security/security-group";

/** A value in Parameter Store. */
export interface Parameter {
  readonly value: string;
  /** Stored as a `SecureString`: for values that are not secrets but are confidential. */
  readonly sensitive?: boolean;
  /** A runbook changes the value later, and Terraform must not revert it. */
  readonly changedByRunbook?: boolean;
}

/** Parameters, permissions and security groups that a service needs to use a store. Each store returns its own. */
export interface Connection {
  /** Values in Parameter Store, by their path below the path of the environment: `database/port`. Never a secret value. */
  readonly parameters: Readonly<Record<string, string | Parameter>>;
  /** Paths of parameters that another stack creates below the same path. */
  readonly externalParameters?: readonly string[];
  /** Environment variables of the container, by name, each with the parameter that contains its value. */
  readonly variables: Readonly<Record<string, string>>;
  /** Environment variables whose values ECS reads from a secret at start, each with the ARN of its value. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Permissions of the task role. */
  readonly permissions: readonly Statement[];
  /** Permissions of the execution role. */
  readonly startPermissions?: readonly Statement[];
  /** Security groups that allow ingress from the service, and the reason: a phrase that follows the name of the service. */
  readonly ingress?: readonly { readonly securityGroup: SecurityGroup; readonly reason: string }[];
  /** Resources that must exist before the first task starts. */
  readonly dependencies?: readonly ITerraformDependable[];
  /** Labels of the container. A changed label replaces the tasks. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Merges connections in their order, without those of stores that do not exist. */
export function mergeConnections(connections: readonly (Connection | undefined)[]): Required<Connection> {
  const all = connections.filter((connection) => connection !== undefined);
  const merged = (part: "parameters" | "variables" | "secrets" | "labels") =>
    Object.assign({}, ...all.map((connection) => connection[part] ?? {})) as Record<string, never>;
  return {
    parameters: merged("parameters"),
    externalParameters: all.flatMap(({ externalParameters = [] }) => externalParameters),
    variables: merged("variables"),
    secrets: merged("secrets"),
    labels: merged("labels"),
    permissions: all.flatMap(({ permissions }) => permissions),
    startPermissions: all.flatMap(({ startPermissions = [] }) => startPermissions),
    ingress: all.flatMap(({ ingress = [] }) => ingress),
    dependencies: all.flatMap(({ dependencies = [] }) => dependencies),
  };
}
