import type { TerraformVariableValidationConfig } from "cdktf";
import type { Config } from "../config/config";
import { knownRegistries, PRIVATE_REGISTRY, registryAccounts } from "../config/registry";
import { MAX_IMAGE_LENGTH } from "../config/schema/release";
import { hclLiteral } from "../modules/state/hcl-literal";

/**
 * Validations of the images in a variable, whose value can be changed at plan time.
 * @param images HCL expression of the list of its images
 */
export function imageValidations(key: string, images: string, config: Config): TerraformVariableValidationConfig[] {
  const matches = (pattern: string): string => `can(regex(${hclLiteral(pattern)}, image))`;
  const everyImage = (condition: string): string => `\${alltrue([for image in ${images} : ${condition}])}`;
  const known = knownRegistries(registryAccounts(config), config.regions);
  const validations = [
    {
      condition: everyImage(`length(image) <= ${MAX_IMAGE_LENGTH}`),
      errorMessage: `${key} must contain only names of up to ${MAX_IMAGE_LENGTH} characters.`,
    },
    {
      condition: everyImage(`!${matches(PRIVATE_REGISTRY)} || ${matches(known)}`),
      errorMessage: `${key} names the private registry of another account or region. Tasks may pull from the registries of their own account and of images.registry_accounts in their own region only: replicate the repository to one of them.`,
    },
  ];
  if (config.network.outboundCidrs.length > 0) return validations;
  const { pullThroughPrefixes } = config.images;
  return [
    ...validations,
    ...(pullThroughPrefixes.length === 0
      ? []
      : [
          {
            condition: everyImage(`!${matches(`^[^/]+/(${pullThroughPrefixes.join("|").replaceAll(".", "[.]")})/`)}`),
            errorMessage: `${key} names an image of a pull-through cache, whose first pull needs internet egress (network.outbound_cidrs).`,
          },
        ]),
    {
      condition: everyImage(matches(PRIVATE_REGISTRY)),
      errorMessage: `${key} must name a private registry of ECR. Without internet egress (network.outbound_cidrs = []), tasks cannot reach any other.`,
    },
  ];
}
