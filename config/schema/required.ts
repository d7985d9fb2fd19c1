import { z } from "zod";
import { MAX_SUFFIX_LENGTH, SUFFIX_PATTERN } from "../naming";
import { text } from "./builders";

export const EMAIL_PATTERN = "^[A-Za-z0-9!#$%&'+/=?^_`{|}~-]+([.][A-Za-z0-9!#$%&'+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$";

/** Keys that every environment sets itself, in addition to `dns`. */
export const REQUIRED = {
  preset: z.string().meta({ expected: "the name of a preset", about: "The system to create." }),
  environment_suffix: text(
    SUFFIX_PATTERN,
    `1 to ${MAX_SUFFIX_LENGTH} lower-case letters and digits in groups joined by single hyphens`,
    "try-001",
  )
    .max(MAX_SUFFIX_LENGTH)
    .meta({
      about: "Suffix of every resource name.",
      details: `1 to ${MAX_SUFFIX_LENGTH} lower-case letters and digits in groups joined by single hyphens. Another suffix creates a second environment in addition to the first. The environment variable ENVIRONMENT_SUFFIX overrides it.`,
    }),
  account_id: text(/^(?!0{12})\d{12}$/, "the 12-digit id of the AWS account, in quotes", "123456789012").meta({
    about: "The id of the AWS account, in quotes.",
    details: "A plan with credentials of another account fails.",
  }),
};

export const ALERTS = {
  alert_emails: z.array(text(new RegExp(EMAIL_PATTERN), "an e-mail address", "oncall@bank.test")).meta({
    expected: "e-mail addresses that receive the alerts",
    about: "E-mail addresses that receive the alerts.",
    details: "AWS sends each address a message that the recipient must confirm once.",
    example: ["oncall@bank.test"],
    plan: true,
  }),
};
