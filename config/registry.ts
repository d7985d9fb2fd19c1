/** A private registry of ECR: `123456789012.dkr.ecr.us-east-1.amazonaws.com/`. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
export const PRIVATE_REGISTRY = "^[0-9]{12}[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com/";

/** Pattern of the names of images in the private registry of the account, in one of these regions. For JavaScript and for Terraform. */
export function ownRegistry(accountId: string, regions: readonly { readonly name: string }[]): string {
  return `^${accountId}[.]dkr[.]ecr[.](${regions.map(({ name }) => name).join("|")})[.]amazonaws[.]com/`;
}

/**
 * Pattern and replacement of the Terraform function `replace`, which takes an image from the private registry of the account
 * in this region. A region then needs no registry of another one.
 */
export function registryOf(region: string, accountId: string): { readonly pattern: string; readonly replacement: string } {
  return { pattern: `/^(${accountId}[.]dkr[.]ecr)[.][a-z0-9-]+[.]/`, replacement: `$1.${region}.` };
}
