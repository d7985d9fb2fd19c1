import { z } from "zod";
import { REGIONS } from "../regions";
import { RECOVERY } from "../standby-kinds";
import { choice, strings, text } from "./builders";

const regionName = text(
  // Regions of China and of the US government have other ARNs.
  /^(?!cn-)[a-z]{2}-(central|(north|south)?(east|west)|north|south)-\d$/,
  `a region (${REGIONS.join(", ")}; others with a warning)`,
  "us-east-1",
  "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
);

const region = z.strictObject({
  name: regionName,
  availability_zones: strings("three or four zones of the region", ["us-east-1a", "us-east-1b", "us-east-1c"]).meta({
    about: "Three or four Availability Zones. Database instances are placed in this order.",
    details:
      "You can append a zone later. A plan that removes or exchanges a zone, or changes the order, stops: AWS does not delete a subnet that a load balancer uses. Create a second environment instead.",
  }),
  vpc_cidr: z.string().meta({
    expected: "a private IPv4 range of /16 to /22",
    example: "10.0.0.0/16",
    about: "Private range of the VPC, /16 to /22. It must not overlap the ranges of other regions.",
    details: "A plan that changes it stops: RDS does not move a cluster to another VPC. Create a second environment instead.",
  }),
  certificate_arn: text(
    /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
    "the ARN of an issued ACM certificate in this region; without it, a certificate is created and validated",
    "arn:aws:acm:us-east-1:123456789012:certificate/...",
  )
    .meta({ about: "An issued certificate of this region, instead of a new one." })
    .optional(),
  client_prefix_list_ids: strings("ids of prefix lists of this region", ["pl-0123456789abcdef0"])
    .meta({
      about: "Prefix lists of the region whose ranges may reach the load balancer, in addition to allowed_cidrs.",
      details:
        "A rule counts as the maximum number of entries of its list, twice, for HTTP and HTTPS: a security group has 60 rules by default.",
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html",
    })
    .optional(),
  standby: choice(RECOVERY).meta({ about: "Resources that a standby region runs." }).optional(),
});

export const regions = z.array(region).min(1).meta({
  expected: "at least one region; the first is the primary",
  about: "Regions, the primary region first.",
  details: "Several regions share an Aurora global database; a single region has its own cluster.",
});

export const removedRegions = z.array(regionName).meta({
  expected: "regions that were in regions before",
  example: ["us-west-2"],
  about: "Regions that the next deploy DESTROYS. Move a region from regions to this list to remove it.",
  details: "Remove the key after the deploy of all stacks. The first region cannot be removed (docs/runbooks/regions.md).",
});

export const primaryRegion = regionName
  .meta({
    expected: "one of regions",
    about: "The primary region, if it is not the first of regions.",
    details:
      "A takeover changes the primary region without this key. Set it only to move the primary region permanently, by the procedure in docs/runbooks/regions.md: it also moves the state of global and failover.",
    example: "us-west-2",
  })
  .optional();
