import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * A value that Terraform reads in each run and stores in no plan and no state. cdktf 0.21 has no construct for it. Requires
 * Terraform 1.11 or newer.
 * @returns the HCL expression of the ephemeral resource, to be followed by an attribute
 * @see https://developer.hashicorp.com/terraform/language/resources/ephemeral
 */
export function ephemeralValue(scope: Construct, type: string, id: string, values: Readonly<Record<string, unknown>>): string {
  TerraformStack.of(scope).addOverride(`ephemeral.${type}.${id}`, values);
  return `ephemeral.${type}.${id}`;
}
