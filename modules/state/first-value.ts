import { DataResource } from "cdktf";
import type { Construct } from "constructs";
import { addressOf } from "./address";

/**
 * Keeps the values that the first apply had, so that a plan can use them or compare them with later ones.
 * @param replacedBy arguments whose change keeps new values. @default - none: the first ones remain
 * @returns the HCL expression of the first values, unknown until the first apply
 * @see https://developer.hashicorp.com/terraform/language/resources/terraform-data
 */
export function firstValues(
  scope: Construct,
  id: string,
  values: Readonly<Record<string, string>>,
  replacedBy?: Readonly<Record<string, string>>,
): string {
  const kept = new DataResource(scope, id, {
    input: values,
    ...(replacedBy && { triggersReplace: replacedBy }),
    lifecycle: { ignoreChanges: ["input"] },
  });
  return `${addressOf(kept)}.output`;
}

/** Keeps one value. @returns its HCL expression */
export function firstValue(scope: Construct, id: string, value: string): string {
  return `${firstValues(scope, id, { value })}.value`;
}
