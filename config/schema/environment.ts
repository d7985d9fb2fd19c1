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
      details: 'Without it: the suffix; "production" in the preset transaction-processing.',
    })
    .optional(),
  tags: z.record(z.string(), z.string()).meta({
    expected: "further tags for every resource",
    about: "Further tags for every resource.",
    example: { CostCenter: "4711" },
  }),
  protect: flag.meta({
    about: "Deletion protection and final snapshots.",
    details: "false: `terraform destroy` leaves nothing behind.",
  }),
  ephemeral: flag.meta({
    about: "Smallest classes, one NAT gateway, one day of retention, and so no rewind that restores: for environments that live for hours.",
    details: "What you set yourself still counts.",
  }),
  terraform_version: text(/^1\.\d+$/, "the lowest Terraform version that will run the result", "1.11").meta({
    about: "Lowest Terraform version that will run the result.",
    details: "From 1.10 on, the state is locked by S3 itself.",
  }),
  state_bucket_prefix: text(/^[a-z0-9][a-z0-9-]{1,19}$/, "2 to 20 lower-case letters, digits and hyphens", "standfast-state").meta({
    about: "State buckets are named <prefix>-<account_id>-<region>.",
    details: "`npm run bootstrap` makes them. Changing it leaves the state behind: move it first.",
  }),
};
