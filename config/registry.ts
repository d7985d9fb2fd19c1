import type { Config } from "./config";

/** A private registry of ECR: `123456789012.dkr.ecr.us-east-1.amazonaws.com/`. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
export const PRIVATE_REGISTRY = "^[0-9]{12}[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com/";

/** The accounts whose private registries tasks may pull from, the account of the platform first. */
export function registryAccounts({ accountId, images }: Pick<Config, "accountId" | "images">): readonly string[] {
  return [accountId, ...images.registryAccounts];
}

/** Pattern of the names of images in the private registries of these accounts, in one of these regions. For JavaScript and for Terraform. */
export function knownRegistries(accounts: readonly string[], regions: readonly { readonly name: string }[]): string {
  return `^${oneOf(accounts)}[.]dkr[.]ecr[.](${regions.map(({ name }) => name).join("|")})[.]amazonaws[.]com/`;
}

/**
 * Pattern and replacement of the Terraform function `replace`, which takes an image from the private registry of one of these
 * accounts in this region. A region then needs no registry of another one.
 */
export function registryOf(region: string, accounts: readonly string[]): { readonly pattern: string; readonly replacement: string } {
  return { pattern: `/^(${oneOf(accounts)}[.]dkr[.]ecr)[.][a-z0-9-]+[.]/`, replacement: `$1.${region}.` };
}

/** An image whose name is known at synth, from the registry of this region. @see registryOf */
export function imageIn(region: string, accounts: readonly string[], image: string): string {
  const { pattern, replacement } = registryOf(region, accounts);
  return image.replace(new RegExp(pattern.slice(1, -1)), replacement);
}

/** The host of the registry of an image: `registry.bank.net:5000`. */
export function registryHost(image: string): string {
  return image.split("/")[0] ?? "";
}

/** The repository of an image in its registry, without tag and digest: `docker-hub/library/caddy`. */
export function repositoryOf(image: string): string {
  return image.replace(/^[^/]+\//, "").replace(/(:[^/:@]+)?(@.+)?$/, "");
}

function oneOf(accounts: readonly string[]): string {
  return accounts.length === 1 ? String(accounts[0]) : `(?:${accounts.join("|")})`;
}
