import type { ITerraformDependable } from "cdktf";
import type { Statement } from "../iam/policy";
import type { SecurityGroup } from "../security/security-group";

/** A value in Parameter Store. */
export interface Parameter {
  readonly value: string;
  /** Kept as a `SecureString`: for what is no secret, and still nobody's business. */
  readonly sensitive?: boolean;
  /** A runbook changes the value later, and Terraform must not change it back. */
  readonly changedByRunbook?: boolean;
}

/** What a service must know, and may do, to use a store: each store says it itself. */
export interface Connection {
  /** Values in Parameter Store, by their path below the environment's own: `database/port`. Never a secret value. */
  readonly parameters: Readonly<Record<string, string | Parameter>>;
  /** Environment variables of the container, by name, each with the parameter that holds its value. */
  readonly variables: Readonly<Record<string, string>>;
  /** Environment variables whose values ECS fetches from a secret at start, by the ARN that holds each. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What the program itself may do. */
  readonly permissions: readonly Statement[];
  /** What ECS needs to start the task. */
  readonly startPermissions?: readonly Statement[];
  /** Security groups that let the service in, and why, as the end of a sentence that begins with the service's name. */
  readonly ingress?: readonly { readonly securityGroup: SecurityGroup; readonly reason: string }[];
  /** What must exist before the first task starts. */
  readonly dependencies?: readonly ITerraformDependable[];
  /** Labels of the container: a change of one replaces the tasks. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Merges connections in their order; those of stores that do not exist are left out. */
export function mergeConnections(connections: readonly (Connection | undefined)[]): Required<Connection> {
  const all = connections.filter((connection) => connection !== undefined);
  const merged = (part: "parameters" | "variables" | "secrets" | "labels") =>
    Object.assign({}, ...all.map((connection) => connection[part] ?? {})) as Record<string, never>;
  return {
    parameters: merged("parameters"),
    variables: merged("variables"),
    secrets: merged("secrets"),
    labels: merged("labels"),
    permissions: all.flatMap(({ permissions }) => permissions),
    startPermissions: all.flatMap(({ startPermissions = [] }) => startPermissions),
    ingress: all.flatMap(({ ingress = [] }) => ingress),
    dependencies: all.flatMap(({ dependencies = [] }) => dependencies),
  };
}
