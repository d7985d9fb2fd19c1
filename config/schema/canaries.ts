import { z } from "zod";
import { CANARY_RUNTIMES_SOURCE } from "../aws-limits";
import { flag, integer, text } from "./builders";

export const canaries = z.strictObject({
  enabled: flag.meta({
    about: "Ask for the service as clients do, from the other region where there is one.",
    details: "Each costs about 0.0012 USD a run.",
  }),
  runtime: text(
    /^syn-nodejs-(puppeteer-)?\d+\.\d+$/,
    "a Node.js runtime of CloudWatch Synthetics",
    "syn-nodejs-5.2",
    CANARY_RUNTIMES_SOURCE,
  ).meta({ about: "AWS deprecates runtimes every few months; a deprecated one is refused." }),
  every_minutes: integer(1, 60, "minutes").meta({ about: "Minutes between two runs." }),
  max_latency_seconds: integer(1, 60, "seconds").meta({
    about: "Seconds for an answer.",
    details: "A canary asks twice before it has failed: two attempts and 10 seconds must fit between two runs.",
  }),
});
