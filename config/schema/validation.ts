import { z } from "zod";
import { flag, integer, text } from "./builders";

/** An amount, as in requests to the validation function. */
export const AMOUNT_PATTERN = /^(0|[1-9]\d{0,14})(\.\d{1,4})?$/;
const amount = text(AMOUNT_PATTERN, "an amount in decimals", "10000.00");

export const validation = z.strictObject({
  enabled: flag.meta({
    about: "Lambda function that validates payment requests: format, currency, amount, check digits, expiry, replays.",
    details: "A change to false DELETES THE TABLE of idempotency keys, and the logs.",
  }),
  limits: z.record(z.string().regex(/^[A-Z]{3}$/), z.strictObject({ min: amount, max: amount })).meta({
    expected: "the smallest and largest amount of each accepted currency",
    example: { EUR: { min: "0.01", max: "10000.00" } },
    about:
      "Smallest and largest amount of each accepted currency. Your list replaces this one: a currency that it does not contain is rejected.",
  }),
  window_seconds: integer(10, 86400, "seconds").meta({ about: "Seconds after its creation in which a request is accepted." }),
  idempotency_hours: integer(1, 8760, "hours").meta({ about: "Retention of an idempotency key in hours." }),
  in_vpc: flag.meta({
    about: "Whether the function runs in the VPC, in the subnets of the tasks.",
    details: "A destroy then waits up to 45 minutes for AWS to delete its network interfaces.",
  }),
  reserved_concurrency: integer(
    1,
    10000,
    "concurrent executions",
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
  )
    .meta({ about: "Reserved concurrency: concurrent executions that are reserved for the function, and its maximum.", example: 50 })
    .optional(),
  path: text(/^\/[A-Za-z0-9_.~/-]{0,127}$/, "the path that the load balancer routes to the function", "/validations")
    .meta({ about: "Path that the load balancer routes to the function." })
    .optional(),
  on_events: flag.meta({
    about: "Whether the function validates payments that are submitted to the event bus. It sends the result to the bus.",
  }),
});
