import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import type { Config } from "../../config/config";
import { imageIn, PRIVATE_REGISTRY, registryAccounts, registryHost, repositoryOf } from "../../config/registry";
import { retryOptions } from "../verify/aws";
import { type Examination, type Finding, readyIf } from "./finding";

const WAIT_MS = 15_000;
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** The image of every service, as the tasks of a region pull it. */
export function images(config: Config, region: string): readonly Examination[] {
  const all = new Set(config.services.map(({ image }) => imageIn(region, registryAccounts(config), image)));
  return [...all].map((image) => ({
    scope: region,
    need: `The image ${image}`,
    examine: () =>
      new RegExp(PRIVATE_REGISTRY).test(image) ? privateImage(image) : publicImage(image, Object.keys(config.images.registrySecrets)),
  }));
}

/** Digest or tag behind the name of a repository. */
function referenceOf(image: string): { readonly digest?: string; readonly tag?: string } {
  const digest = image.split("@")[1];
  return digest === undefined ? { tag: /:([^/:]+)$/.exec(image)?.[1] ?? "latest" } : { digest };
}

async function privateImage(image: string): Promise<Omit<Finding, "scope" | "need">> {
  const [registryId, , , region = ""] = registryHost(image).split(".");
  const { digest, tag } = referenceOf(image);
  try {
    const id = { ...(digest !== undefined && { imageDigest: digest }), ...(tag !== undefined && { imageTag: tag }) };
    await new ECRClient({ region, ...retryOptions }).send(
      new DescribeImagesCommand({ registryId, repositoryName: repositoryOf(image), imageIds: [id] }),
    );
    return { result: "ready", found: "exists" };
  } catch (error) {
    const { name } = error as Error;
    if (name !== "ImageNotFoundException" && name !== "RepositoryNotFoundException") throw error;
    const found = name === "ImageNotFoundException" ? "is not in its repository" : "has no repository in this region";
    return { result: "problem", found, cure: "Push it, or replicate the repository to this region: docs/release.md, Images" };
  }
}

/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
async function publicImage(image: string, withSecret: readonly string[]): Promise<Omit<Finding, "scope" | "need">> {
  const host = registryHost(image);
  const { digest, tag } = referenceOf(image);
  const url = `https://${host === "docker.io" ? "registry-1.docker.io" : host}/v2/${repositoryOf(image)}/manifests/${digest ?? tag ?? ""}`;
  try {
    return imageFinding(await manifestStatus(url), host, withSecret.includes(host));
  } catch {
    // Tasks pull it by their own way to the internet, which this machine may not have.
    return { result: "notice", found: `${host} does not answer this machine` };
  }
}

/** @param status of the registry's answer to an anonymous request */
export function imageFinding(status: number, host: string, hasSecret: boolean): Omit<Finding, "scope" | "need"> {
  if (status === 200) return { result: "ready", found: "exists" };
  if (status === 401 || status === 403)
    return hasSecret
      ? { result: "notice", found: "its registry requires the credentials in images.registry_secrets, which this command does not read" }
      : readyIf(false, "its registry requires credentials", `Add ${host} to images.registry_secrets in terraform.tfvars`);
  return readyIf(false, `its registry answers ${status}`, "Push it, or correct the image in terraform.tfvars");
}

async function manifestStatus(url: string): Promise<number> {
  const ask = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(url, { method: "HEAD", headers: { Accept: MANIFESTS, ...headers }, signal: AbortSignal.timeout(WAIT_MS) });
  const first = await ask({});
  const challenge = first.headers.get("www-authenticate") ?? "";
  if (first.status !== 401 || !challenge.startsWith("Bearer ")) return first.status;
  const { realm, ...query } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  if (realm === undefined) return first.status;
  const tokens = await fetch(`${realm}?${new URLSearchParams(query).toString()}`, { signal: AbortSignal.timeout(WAIT_MS) });
  if (!tokens.ok) return first.status;
  const { token, access_token: access } = (await tokens.json()) as { token?: string; access_token?: string };
  return (await ask({ Authorization: `Bearer ${token ?? access ?? ""}` })).status;
}
