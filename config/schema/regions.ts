import { z } from "zod";
import { REGIONS } from "../regions";
import { RECOVERY } from "../standby-kinds";
import { choice, strings, text } from "./builders";

const region = z.strictObject({
  name: z.enum(REGIONS as [string, ...string[]]).meta({
    expected: `one of the supported regions (${REGIONS.join(", ")})`,
    source: "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
  }),
  availability_zones: strings("three or four zones of the region", ["us-east-1a", "us-east-1b", "us-east-1c"]).meta({
    about: "Three or four zones, in the order in which instances are placed.",
    details: "Zones may be added at the end.",
  }),
  vpc_cidr: z.string().meta({
    expected: "a private IPv4 range of /16 to /22",
    example: "10.0.0.0/16",
    about: "The VPC's private range of /16 to /22, apart from the other regions'.",
    details: "Changing it replaces the network and all in it.",
  }),
  certificate_arn: text(
    /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
    "the ARN of an issued ACM certificate in this region, or nothing to have one made and validated",
    "arn:aws:acm:us-east-1:123456789012:certificate/...",
  )
    .meta({ about: "An issued certificate of that region instead of a new one." })
    .optional(),
  standby: choice(RECOVERY).meta({ about: "What a region that is not the first keeps running." }).optional(),
});

export const regions = z.array(region).min(1).meta({
  expected: "at least one region; the first is the primary",
  about: "Regions, the primary first.",
  details: "Several regions form one Aurora Global Database; a single one has a database of its own.",
});
