import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { policy, type Statement, trust } from "./policy";

export interface ServiceRoleProps {
  readonly names: Names;
  readonly accountId: string;
  /** What the role is for, as part of its name: `ecs-task`. */
  readonly purpose: string;
  /** The service that takes the role on, e.g. `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  /** Why the trust names no account, which all services but a few say. @default - it names the account */
  readonly anyAccountBecause?: string;
  /** What it may do. @default - nothing */
  readonly statements?: readonly Statement[];
}

/** A role that one AWS service takes on, with one inline policy. It is the owner of a resource who adds to the statements. */
export class ServiceRole extends Construct {
  readonly arn: string;
  /** Resources that must exist before the role can do its work. */
  readonly ready: readonly (IamRole | IamRolePolicy)[];

  constructor(scope: Construct, id: string, { names, accountId, purpose, service, anyAccountBecause, statements = [] }: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: names.of("iam_role", purpose),
      description: `Taken on by ${service}`,
      assumeRolePolicy: trust(service, anyAccountBecause === undefined ? accountId : undefined),
    });
    const [first, ...others] = statements;
    const permissions =
      first &&
      new IamRolePolicy(this, "permissions", {
        name: names.of("iam_role_policy", purpose),
        role: role.name,
        policy: policy(first, ...others),
      });
    this.arn = role.arn;
    this.ready = permissions ? [role, permissions] : [role];
  }
}
