import { z } from "zod";
import { CANARY_RUNTIMES_SOURCE } from "../aws-limits";
import { flag, integer, text } from "./builders";
import { requestPath } from "./request-path";

export const canaries = z.strictObject({
  enabled: flag.meta({
    about: "Canaries that request the service as clients do, from the other region if there is one.",
    details:
      "A run costs about 0.0012 USD. A change to false DELETES THE BUCKET of their results; with protect, the apply stops while it has objects.",
  }),
  runtime: text(
    /^syn-nodejs-(puppeteer-)?\d+\.\d+$/,
    "a Node.js runtime of CloudWatch Synthetics",
    "syn-nodejs-5.2",
    CANARY_RUNTIMES_SOURCE,
  ).meta({ about: "Runtime of CloudWatch Synthetics. AWS deprecates runtimes every few months; the synth rejects a deprecated one." }),
  path: requestPath(
    "returns 200 when the task can read from the database and from everything else that a payment needs",
    "/health/deep",
  ).meta({
    about: "Path that returns 200 when the whole way of a payment works. See docs/program.md#health.",
  }),
  write_path: requestPath("accepts a test payment", "/health/payments")
    .meta({
      about: "Path to which a further canary writes, and from which it reads back what it wrote. See docs/program.md#write-path.",
      details: "It requests the public name only, because one region writes at a time.",
      example: "/health/payments",
    })
    .optional(),
  every_minutes: integer(1, 60, "minutes").meta({ about: "Interval between two runs in minutes." }),
  max_latency_seconds: integer(1, 60, "seconds").meta({
    about: "Maximum response time in seconds.",
    details: "A canary fails after two attempts. Two attempts and 10 seconds must fit in the interval.",
  }),
});
