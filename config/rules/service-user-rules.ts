import { minorVersion, WRITE_ONLY_MINOR } from "../terraform-version";
import { problemIf, type Rule } from "./rule";

/** The database user of the services. */
export const SERVICE_USER_RULES: readonly Rule[] = [
  {
    reads: ["database.service_user", "database.proxy"],
    check: ({ database: { service_user, proxy } }) =>
      problemIf(service_user?.authentication === "iam" && proxy, {
        where: "database.service_user.authentication",
        given: "iam",
        why: "RDS Proxy would connect to the database with a password of the user, which the user does not have; version 5.100 of the Terraform provider cannot configure a proxy that uses IAM instead",
        instead: 'authentication = "password", or proxy = false',
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-setup.html",
      }),
  },
  {
    reads: ["database.service_user", "terraform_version"],
    check: ({ database: { service_user }, terraform_version }) =>
      problemIf(service_user?.authentication === "password" && minorVersion(terraform_version) < WRITE_ONLY_MINOR, {
        where: "database.service_user.authentication",
        given: "password",
        why: `the password is an ephemeral value and a write-only argument, which require Terraform 1.${WRITE_ONLY_MINOR}; terraform_version is "${terraform_version}"`,
        instead: `terraform_version = "1.${WRITE_ONLY_MINOR}", or authentication = "iam"`,
        source: "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
      }),
  },
];
