import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { TerraformStack } from "cdktf";
import { Aspects } from "cdktf";

/** Gives every role of the stack the permissions boundary, which no construct has to know. */
export function setPermissionsBoundary(stack: TerraformStack, boundaryArn: string | undefined): void {
  if (boundaryArn === undefined) return;
  Aspects.of(stack).add({
    visit: (node) => {
      if (node instanceof IamRole) node.permissionsBoundary = boundaryArn;
    },
  });
}
