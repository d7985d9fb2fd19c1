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
      details: 'Without this key, the value is the suffix, or "production" in the preset transaction-processing.',
    })
    .optional(),
  tags: z.record(z.string(), z.string()).meta({
    expected: "additional tags for every resource",
    about: "Additional tags for every resource.",
    example: { CostCenter: "4711" },
  }),
  protect: flag.meta({
    about: "Deletion protection and final snapshots.",
    details: "With false, `terraform destroy` deletes all data.",
  }),
  ephemeral: flag.meta({
    about:
      "Smallest instance classes, one NAT gateway, one day of retention and therefore no rewind by restore, for environments that exist for hours.",
    details: "Keys that you set override these values.",
  }),
  terraform_version: text(/^1\.\d+$/, "the lowest Terraform version that runs the configuration", "1.11").meta({
    about: "Lowest Terraform version that runs the configuration.",
    details: "From 1.10 on, S3 locks the state.",
  }),
  state_bucket_prefix: text(/^[a-z0-9][a-z0-9-]{1,19}$/, "2 to 20 lower-case letters, digits and hyphens", "standfast-state").meta({
    about: "Prefix of the state buckets, which are named <prefix>-<account_id>-<region>.",
    details: "`npm run bootstrap` creates them. A change does not move the state: copy it to the new buckets first.",
  }),
};
