import { describe, expect, it } from "@jest/globals";
import { CONFIGURATIONS } from "../support/configurations";
import { everyStack, type Synthesized } from "../support/synthesized";

/** Terraform creates what a definition refers to before it deletes the former one, if it replaces it. */
const REPLACED_UNDER_ANOTHER_NAME = {
  aws_cloudwatch_log_group: "only another name replaces it",
  aws_iam_role: "only another name or path replaces it, and the plan rejects another path",
  aws_kms_key: "has no name",
  terraform_data: "has no name",
};

describe.each(Object.entries(CONFIGURATIONS))("the task definitions of %s", (_, overrides) => {
  const stacks = [...everyStack(overrides).values()].filter((stack) => stack.all("aws_ecs_task_definition").length > 0);

  it("are deregistered after the deployment of the next revision, and refer to no resource that this would create twice", () => {
    for (const stack of stacks)
      for (const definition of stack.all("aws_ecs_task_definition")) {
        const keeps = (definition["lifecycle"] as { create_before_destroy?: boolean } | undefined)?.create_before_destroy === true;
        // RDS manages the password with older versions of Terraform: its secret is a part of the cluster.
        expect(keeps).toBe(!managesPassword(stack));
        if (keeps)
          expect(managedTypesBelow(stack, definition.address).filter((type) => !(type in REPLACED_UNDER_ANOTHER_NAME))).toEqual([]);
      }
  });
});

const managesPassword = (stack: Synthesized): boolean =>
  stack.all("aws_rds_cluster").some(({ manage_master_user_password: managed }) => managed === true);

/** The types of managed resources to which a resource refers, directly and through local values and data sources. */
function managedTypesBelow(stack: Synthesized, address: string): string[] {
  const block = (name: string) => (stack.json[name] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const texts = new Map<string, string>(stack.all().map((resource) => [resource.address, JSON.stringify(resource)]));
  for (const [name, value] of Object.entries(block("locals"))) texts.set(`local.${name}`, JSON.stringify(value));
  for (const [type, all] of Object.entries(block("data")))
    for (const [name, value] of Object.entries(all)) texts.set(`data.${type}.${name}`, JSON.stringify(value));
  const found = new Set([address]);
  for (const name of found)
    for (const [reference] of (texts.get(name) ?? "").matchAll(/(?:data\.)?\b(?:aws_[a-z0-9_]+|terraform_data|local)\.[\w-]+/g))
      if (texts.has(reference)) found.add(reference);
  const managed = [...found].filter((name) => name !== address && !/^(data|local)\./.test(name)).map((name) => name.split(".")[0] ?? "");
  return [...new Set(managed)].sort();
}
