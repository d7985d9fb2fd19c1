import { z } from "zod";
import { flag, integer, text } from "./builders";

/** An amount as the validation takes it in requests, too. */
export const AMOUNT_PATTERN = /^(0|[1-9]\d{0,14})(\.\d{1,4})?$/;
const amount = text(AMOUNT_PATTERN, "an amount in decimals", "10000.00");

export const validation = z.strictObject({
  enabled: flag.meta({
    about: "A Lambda function that validates payment requests: form, currency, amount, check digits, expiry, replays.",
  }),
  limits: z.record(z.string().regex(/^[A-Z]{3}$/), z.strictObject({ min: amount, max: amount })).meta({
    expected: "the smallest and largest amount of each accepted currency",
    example: { EUR: { min: "0.01", max: "10000.00" } },
    about: "Smallest and largest amount for each currency that is accepted: yours replace these, and no other is accepted then.",
  }),
  window_seconds: integer(10, 86400, "seconds").meta({ about: "Seconds after its making in which a request is taken." }),
  idempotency_hours: integer(1, 8760, "hours").meta({ about: "Hours for which an idempotency key is remembered." }),
  in_vpc: flag.meta({
    about: "Run it inside the VPC, in the tasks' subnets.",
    details: "Destroying it then waits up to 45 minutes for AWS to take its interfaces away.",
  }),
  reserved_concurrency: integer(
    1,
    10000,
    "runs at the same time",
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
  )
    .meta({ about: "Keeps so many runs free for it, and lets it have no more.", example: 50 })
    .optional(),
  path: text(/^\/[A-Za-z0-9_.~/-]{0,127}$/, "the path under which the load balancer leads to it", "/validations")
    .meta({ about: "Lets the load balancer lead requests to it." })
    .optional(),
  on_events: flag.meta({ about: "Validate what is submitted to the event bus, and answer there." }),
});
