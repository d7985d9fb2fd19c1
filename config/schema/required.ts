import { z } from "zod";
import { MAX_SUFFIX_LENGTH, SUFFIX_PATTERN } from "../naming";
import { text } from "./builders";

export const EMAIL_PATTERN = "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$";

/** What every environment says for itself, beside `dns`. */
export const REQUIRED = {
  preset: z.string().meta({ expected: "the name of a preset", about: "The system to build." }),
  environment_suffix: text(
    SUFFIX_PATTERN,
    `1 to ${MAX_SUFFIX_LENGTH} lower-case letters and digits in groups joined by single hyphens`,
    "try-001",
  )
    .max(MAX_SUFFIX_LENGTH)
    .meta({
      about: "Part of every name.",
      details: `1 to ${MAX_SUFFIX_LENGTH} lower-case letters and digits in groups joined by single hyphens. Changing it makes a second environment beside the first one. ENVIRONMENT_SUFFIX in the environment overrides it.`,
    }),
  account_id: text(/^\d{12}$/, "the 12-digit id of the AWS account, in quotes", "123456789012").meta({
    about: "The AWS account, in quotes.",
    details: "Credentials of any other account end the plan.",
  }),
};

export const ALERTS = {
  alert_emails: z.array(text(new RegExp(EMAIL_PATTERN), "an e-mail address", "oncall@bank.test")).meta({
    expected: "e-mail addresses that receive the alerts",
    about: "E-mail addresses that receive the alerts.",
    details: "Each gets a message from AWS and must confirm it once.",
    example: ["oncall@bank.test"],
    plan: true,
  }),
};
