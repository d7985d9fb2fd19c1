import { z } from "zod";
import { CANARY_RUNTIMES_SOURCE } from "../aws-limits";
import { flag, integer, text } from "./builders";

export const canaries = z.strictObject({
  enabled: flag.meta({
    about: "Canaries that request the service as clients do, from the other region if there is one.",
    details: "A run costs about 0.0012 USD. A change to false DELETES THE BUCKET of their results.",
  }),
  runtime: text(
    /^syn-nodejs-(puppeteer-)?\d+\.\d+$/,
    "a Node.js runtime of CloudWatch Synthetics",
    "syn-nodejs-5.2",
    CANARY_RUNTIMES_SOURCE,
  ).meta({ about: "Runtime of CloudWatch Synthetics. AWS deprecates runtimes every few months; the synth rejects a deprecated one." }),
  every_minutes: integer(1, 60, "minutes").meta({ about: "Interval between two runs in minutes." }),
  max_latency_seconds: integer(1, 60, "seconds").meta({
    about: "Maximum response time in seconds.",
    details: "A canary fails after two attempts. Two attempts and 10 seconds must fit in the interval.",
  }),
});
