import { OWN_TAGS } from "../aws-limits";
import { minorVersion, WRITE_ONLY_MINOR } from "../terraform-version";
import { problemIf, type Rule } from "./rule";

/** Lowest Terraform version that supports the configuration. */
const FLOOR_MINOR = 5;

const TAGGING = "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html";
const TAG_POLICIES = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html";
/** Of the 50 that AWS allows, the platform itself adds Name, Severity and PasswordVersion to single resources. */
const MOST_TAGS = 47;
const TAG_TEXT = /^[\p{L}\p{N} +\-=._:/@]*$/u;

function isProduction(environment: unknown): boolean {
  return typeof environment === "string" && environment.trim().toLowerCase() === "production";
}

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
    reads: ["environment", "environment_suffix", "protect", "unprotected_because"],
    check: ({ given: file, protect: given, unprotected_because: reason }) => {
      const environment = file["environment"] ?? file["environment_suffix"];
      return [
        ...problemIf(isProduction(environment) && !given && reason === undefined, {
          where: "protect",
          given,
          why: `the environment is ${JSON.stringify(environment)}, and terraform destroy would delete all of its data`,
          instead: "protect = true, or the reason in unprotected_because",
        }),
        ...problemIf(given && reason !== undefined, {
          where: "unprotected_because",
          given: reason,
          why: "contradicts protect = true",
          instead: "protect = false, or remove unprotected_because",
        }),
      ];
    },
  },
  {
    reads: ["ephemeral", "protect"],
    check: ({ ephemeral, protect: given }) =>
      problemIf(given && ephemeral, {
        where: "protect",
        given,
        why: "contradicts ephemeral = true: an ephemeral environment exists for hours and is destroyed, and protect rejects the destroy",
        instead: "protect = false, or ephemeral = false",
      }),
  },
  {
    reads: ["alert_emails"],
    check: ({ alert_emails }) =>
      alert_emails.flatMap((given, index) =>
        problemIf(
          alert_emails.slice(0, index).some((earlier) => earlier.toLowerCase() === given.toLowerCase()),
          {
            where: `alert_emails[${index}]`,
            given,
            why: "is in the list twice, so that the recipient would get every alert twice",
            instead: "each address once",
          },
        ),
      ),
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
  {
    reads: ["tags"],
    check: ({ tags }) => {
      const keys = Object.keys(tags);
      const all = [...OWN_TAGS, ...keys];
      return [
        ...problemIf(all.length > MOST_TAGS, {
          where: "tags",
          given: keys.length,
          why: `with those of the platform, each resource would have more than ${MOST_TAGS} tags; AWS allows 50, and the platform adds up to 3 to single resources`,
          instead: `at most ${MOST_TAGS - OWN_TAGS.length} tags`,
          source: TAGGING,
        }),
        ...Object.entries(tags).flatMap(([key, given]) => [
          ...problemIf(!TAG_TEXT.test(key) || key.length > 128 || !TAG_TEXT.test(given) || given.length > 256, {
            where: `tags.${key}`,
            given,
            why: "has characters or a length that some AWS service rejects",
            instead: "letters, digits, spaces and + - = . _ : / @, at most 128 in the key and 256 in the value",
            source: TAGGING,
          }),
          ...problemIf(
            all.some((other) => other !== key && other.toLowerCase() === key.toLowerCase()),
            {
              where: `tags.${key}`,
              given,
              why: "differs from another tag in upper and lower case only; IAM and others reject both on one resource",
              instead: "one spelling of the key, which is none of the platform's",
              source: TAGGING,
            },
          ),
        ]),
      ];
    },
  },
  {
    reads: ["tags", "required_tags", "environment", "environment_suffix"],
    check: ({ tags, required_tags, environment, environment_suffix }) => {
      const all: Readonly<Record<string, string | undefined>> = { ...tags, Environment: environment ?? environment_suffix };
      return Object.entries(required_tags).flatMap(([key, permitted]) => {
        const given = all[key];
        const where = key === "Environment" ? "environment" : `tags.${key}`;
        const values = permitted.map((value) => JSON.stringify(value)).join(", ");
        return [
          ...problemIf(given === undefined, {
            where,
            why: "is missing, and required_tags requires it",
            instead: permitted.length === 0 ? "a value" : `one of ${values}`,
            source: TAG_POLICIES,
          }),
          ...problemIf(given !== undefined && permitted.length > 0 && !permitted.includes(given), {
            where,
            given,
            why: "is not a value that required_tags permits",
            instead: `one of ${values}`,
            source: TAG_POLICIES,
          }),
        ];
      });
    },
  },
];
