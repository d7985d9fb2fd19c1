import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { policy, type Statement, trust } from "./policy";

export interface ServiceRoleProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the AWS account on whose behalf the service may assume the role. */
  readonly accountId: string;
  /** Purpose of the role, as part of its name: `ecs-task`. */
  readonly purpose: string;
  /** The service that assumes the role, e.g. `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  /** Why the trust policy has no condition on the account. @default - it has the condition */
  readonly anyAccountBecause?: string;
  /** Statements of the inline policy. @default - no policy */
  readonly statements?: readonly Statement[];
}

/** A role that one AWS service assumes, with one inline policy. The statements come from the constructs that own the resources. */
export class ServiceRole extends Construct {
  readonly arn: string;
  /** Resources that must exist before the role has its permissions. */
  readonly ready: readonly (IamRole | IamRolePolicy)[];

  constructor(scope: Construct, id: string, { names, accountId, purpose, service, anyAccountBecause, statements = [] }: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: names.of("iam_role", purpose),
      description: `Assumed by ${service}`,
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
