import { z } from "zod";
import { text } from "./builders";

const PULL_THROUGH = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html";
const REPOSITORY_NAMES = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html";

/** Name of a secret of Secrets Manager. An ARN would name one region only. @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
export const secretName = (example: string) =>
  text(
    /^(?!arn:)[A-Za-z0-9/_+=.@-]{1,512}$/,
    "the name of a secret in each region, without the six characters that AWS appends in its ARN",
    example,
    "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
  );

/** Registries that contain the images, and repositories of the platform. */
export const images = z.strictObject({
  registry_accounts: z.array(text(/^(?!0{12})\d{12}$/, "the 12-digit id of an AWS account, in quotes", "210987654321")).meta({
    expected: "ids of AWS accounts, in quotes",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html",
    about: "Other AWS accounts whose private registries (ECR) contain images.",
    details:
      "Tasks pull from the registry of the account in their own region: replicate the repositories to each region. The policy of each repository must allow this account to pull.",
    example: ["210987654321"],
  }),
  registry_secrets: z.record(z.string().regex(/^[a-z0-9][a-z0-9.-]*[.][a-z0-9-]+(:[0-9]+)?$/), secretName("registry/bank")).meta({
    expected: 'the name of a secret by the host of the registry, e.g. { "registry.bank.net" = "registry/bank" }',
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html",
    about: "Credentials of private registries: the name of a secret of Secrets Manager by the host of the registry.",
    details:
      'The secret contains {"username": ..., "password": ...} and exists under this name in each region, before the apply. Its key must allow this account to decrypt. A change replaces the tasks whose images are in the registry.',
    example: { "registry.bank.net": "registry/bank" },
  }),
  pull_through_prefixes: z
    .array(text(/^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/, "the prefix of a repository", "docker-hub", PULL_THROUGH))
    .meta({
      expected: "prefixes of repositories of pull-through cache rules",
      source: PULL_THROUGH,
      about: "Prefixes of pull-through cache rules of the account's private registry.",
      details:
        "The first task with a new image creates its repository in the cache. The cache then pulls from the upstream registry, which needs internet egress (outbound_cidrs) for the first pull.",
      example: ["docker-hub"],
    }),
  repositories: z
    .array(
      text(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a name of lower-case letters and digits, joined by single hyphens", "payments", REPOSITORY_NAMES),
    )
    .meta({
      expected: "names of repositories",
      source: REPOSITORY_NAMES,
      about: "Repositories (ECR) that the platform creates in each region: repository-<name>-<suffix>.",
      details:
        "Tags are immutable, images are scanned when they are pushed, and encrypted. Push each image to every region, or let the registry replicate them: docs/release.md#images. Removing a repository DELETES ITS IMAGES; with protect = true, AWS deletes only an empty one.",
      example: ["payments"],
    }),
});
