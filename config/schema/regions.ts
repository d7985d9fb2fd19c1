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

const VPC_ID = /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/;
const SUBNET_ID = /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/;

const SUBNETS = {
  public: ["subnet-0a1", "subnet-0b1", "subnet-0c1"],
  application: ["subnet-0a2", "subnet-0b2", "subnet-0c2"],
  data: ["subnet-0a3", "subnet-0b3", "subnet-0c3"],
};

const subnetIds = (tier: keyof typeof SUBNETS, about: string, details: string) =>
  z.array(text(SUBNET_ID, "the ID of a subnet", "subnet-0123456789abcdef0")).meta({
    expected: `IDs of ${tier} subnets, one for each zone, in the order of availability_zones`,
    example: SUBNETS[tier],
    about,
    details,
  });

/** A VPC of another owner. */
const vpc = z
  .strictObject({
    id: text(VPC_ID, "the ID of a VPC", "vpc-0123456789abcdef0").meta({
      about: "ID of the VPC.",
      details: "A plan that changes it stops: RDS does not move a cluster to another VPC. Create a second environment instead.",
    }),
    public_subnet_ids: subnetIds(
      "public",
      "Subnets of the load balancer, one for each zone, in the order of availability_zones.",
      "Each is a /27 or larger, with a default route to an internet gateway or to a firewall endpoint before it.",
    ),
    application_subnet_ids: subnetIds(
      "application",
      "Subnets of the tasks, in the same order.",
      "They have a default route if network.outbound_cidrs has 0.0.0.0/0, and addresses for twice the tasks. Other subnets replace the tasks in a rolling deployment.",
    ),
    data_subnet_ids: subnetIds(
      "data",
      "Subnets of the database and the cache, in the same order.",
      "One can be appended with a zone. A plan that exchanges one stops: RDS removes no subnet in use.",
    ),
  })
  .meta({
    expected: "a table with id, public_subnet_ids, application_subnet_ids and data_subnet_ids",
    example: {
      id: "vpc-0123456789abcdef0",
      public_subnet_ids: SUBNETS.public,
      application_subnet_ids: SUBNETS.application,
      data_subnet_ids: SUBNETS.data,
    },
    about: "A VPC that exists, with its subnets, instead of vpc_cidr. All regions have it, or none.",
    details:
      "The platform creates no subnet, route, NAT gateway, network ACL, gateway endpoint or flow log in it, and a plan stops with a sentence for what is missing (docs/existing-vpc.md).",
  });

const region = z.strictObject({
  name: regionName,
  availability_zones: strings("three or four zones of the region", ["us-east-1a", "us-east-1b", "us-east-1c"]).meta({
    about: "Three or four Availability Zones. Database instances are placed in this order.",
    details:
      "You can append a zone later. A plan that removes or exchanges a zone, or changes the order, stops: AWS does not delete a subnet that a load balancer uses. Create a second environment instead.",
  }),
  vpc_cidr: z
    .string()
    .meta({
      expected: "a private IPv4 range of /16 to /22",
      example: "10.0.0.0/16",
      about: "Private range of the VPC, /16 to /22. It must not overlap the ranges of other regions.",
      details:
        "A plan that changes it stops: RDS does not move a cluster to another VPC. Create a second environment instead. Required without vpc.",
    })
    .optional(),
  vpc: vpc.optional(),
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
        "Each list uses twice its maximum number of entries of the quota of rules in a security group (60 by default): once for HTTP, once for HTTPS.",
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
