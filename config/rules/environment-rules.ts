import { OWN_TAGS } from "../aws-limits";
import { minorVersion, WRITE_ONLY_MINOR } from "../terraform-version";
import { problemIf, type Rule } from "./rule";

/** Lowest Terraform version that supports the configuration. */
const FLOOR_MINOR = 5;

/** The environment as a whole. */
export const ENVIRONMENT_RULES: readonly Rule[] = [
  {
    reads: ["terraform_version"],
    check: ({ terraform_version: given }) =>
      problemIf(minorVersion(given) < FLOOR_MINOR, {
        where: "terraform_version",
        given,
        why: "is older than the lowest supported version",
        instead: '"1.5" or newer; "1.10" for state locks in S3',
      }),
  },
  {
    reads: ["terraform_version", "regions"],
    check: ({ terraform_version: given, regions }) =>
      problemIf(regions.length > 1 && minorVersion(given) < WRITE_ONLY_MINOR, {
        where: "terraform_version",
        given,
        why: "a global database needs its password as a write-only argument, so that no state contains it; Terraform supports them since 1.11",
        instead: '"1.11", or a single region',
        source: "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
      }),
  },
  {
    reads: ["tags"],
    check: ({ tags }) =>
      Object.keys(tags)
        .filter((key) => OWN_TAGS.includes(key) || key.startsWith("aws:"))
        .map((key) => ({
          where: `tags.${key}`,
          given: tags[key],
          why: OWN_TAGS.includes(key) ? "is a tag of the platform" : "starts with aws:, a prefix that AWS reserves",
          instead: "another key",
        })),
  },
];
