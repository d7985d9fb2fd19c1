import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects, DataResource, type TerraformStack } from "cdktf";
import { firstValue } from "../modules/state/first-value";

export interface RoleSettings {
  /** Permissions boundary of every role. @default - none */
  readonly boundaryArn: string | undefined;
  /** Path of every role: `/payments/`. It cannot change. */
  readonly path: string;
}

/** Gives every role of the stack the permissions boundary and the path, which no construct has to know. */
export function setRoleSettings(stack: TerraformStack, { boundaryArn, path }: RoleSettings): void {
  Aspects.of(stack).add({
    visit: (node) => {
      if (!(node instanceof IamRole)) return;
      if (boundaryArn !== undefined) node.permissionsBoundary = boundaryArn;
      if (path !== "/") node.path = path;
    },
  });
}

/** Rejects another path: Terraform would delete each role before it creates the next one of the same name, while tasks and functions use it. */
export function rejectAnotherRolePath(stack: TerraformStack, path: string): void {
  const first = firstValue(stack, "first-role-path", path);
  new DataResource(stack, "role-path", {
    lifecycle: {
      precondition: [
        {
          condition: `\${${first} == "${path}"}`,
          errorMessage: `The roles of this environment have the path \${${first}}, which cannot change. Restore iam_role_path in terraform.tfvars and run cdktf synth again, or create a second environment.`,
        },
      ],
    },
  });
}
