import { z } from "zod";
import { flag, text } from "./builders";

/** The environment as a whole. */
export const ENVIRONMENT = {
  environment: text(
    /^[\w.:/=+@ -]{1,256}$/,
    "the value of the Environment tag",
    "acceptance",
    "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
  )
    .meta({
      about: "Value of the Environment tag.",
      details:
        'Without this key, the value is the suffix, or "production" in the preset transaction-processing, whose requirements name this tag. A file that sets "production" here, or as the suffix without this key, needs protect = true or unprotected_because.',
    })
    .optional(),
  tags: z.record(z.string(), z.string()).meta({
    expected: "additional tags for every resource",
    about: "Additional tags for every resource.",
    example: { CostCenter: "4711" },
  }),
  required_tags: z.record(z.string(), z.array(z.string())).meta({
    expected: 'the values that each tag may have, e.g. { CostCenter = ["4711", "4712"], Owner = [] }; an empty list permits every value',
    source: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html",
    about: "Tags that a policy of your organization requires, each with the values that it permits. [] permits every value.",
    details:
      "A synth fails when tags or environment lacks one, or has another value: AWS would reject the resources one after the other during the apply.",
    example: { CostCenter: ["4711", "4712"], Owner: [] },
  }),
  protect: flag.meta({
    about:
      "Deletion protection, prevent_destroy on all databases, caches, tables, buckets, vaults and keys, and a vault policy that denies the deletion of backups.",
    details:
      "With true, a plan that would destroy or replace one of them fails. A resource that the configuration no longer contains can be deleted; AWS rejects the deletion of clusters, tables and load balancers, and of buckets and vaults that are not empty. With false, `terraform destroy` deletes all data. To destroy the environment, set false, apply, and destroy. Only the role backup-administrator-<suffix> can change or remove the vault policy: docs/runbooks/backup.md.",
  }),
  unprotected_because: text(/^(?=.*\S).{10,256}$/, "a reason of 10 to 256 characters", "load test, ends on 2026-12-01")
    .meta({ about: 'Reason why an environment named "production" is not protected. It has no other effect.' })
    .optional(),
  permissions_boundary_arn: text(
    /^arn:aws:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,256}$/,
    "the ARN of a managed policy",
    "arn:aws:iam::123456789012:policy/standfast-boundary-prod",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  )
    .meta({
      about: "Permissions boundary of every role.",
      details: "The pipeline roles of docs/ci.md can create roles with their boundary only. A change updates the roles in place.",
    })
    .optional(),
  iam_role_path: text(
    /^\/([\w+=,.@-]{1,64}\/){0,4}$/,
    "a path that starts and ends with a slash, of up to four parts",
    "/payments/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
  ).meta({
    about: "Path of every role, for policies of the account that are about a path.",
    details:
      "A plan that changes it stops, because IAM does not move a role: choose it before the first apply. A platform that was deployed before this key existed keeps the default. With a path, the ARNs of the roles in the policies of docs/ci contain it.",
  }),
  ephemeral: flag.meta({
    about:
      "Smallest instance classes, one NAT gateway, one day of retention and therefore no rewind by restore, for environments that exist for hours.",
    details: "Keys that you set override these values. A change restarts the instances, and DELETES THE LOGS of the rewind runbook.",
  }),
  terraform_version: text(/^1\.\d+$/, "the lowest Terraform version that runs the configuration", "1.11").meta({
    about: "Lowest Terraform version that runs the configuration.",
    details: "From 1.10 on, S3 locks the state.",
  }),
  state_bucket_prefix: text(
    /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{0,18}[a-z0-9]$/,
    "2 to 20 lower-case letters, digits and hyphens, without a hyphen at the end and without a prefix that S3 reserves (xn--, sthree-, amzn-s3-demo-)",
    "standfast-state",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
  ).meta({
    about: "Prefix of the state buckets, which are named <prefix>-<account_id>-<region>.",
    details: "`npm run bootstrap` creates them. A change does not move the state: copy it to the new buckets first.",
  }),
};
