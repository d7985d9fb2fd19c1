import { type Cidr, LARGEST_VPC_PREFIX, overlaps, parseCidr, SMALLEST_VPC_PREFIX, ZONE_SLOTS } from "../cidr";
import type { Problem } from "../errors";
import { isZoneOf, LEAST_ZONES } from "../regions";
import { problemIf, type Rule } from "./rule";

/** Regions, their zones, and the address ranges of their networks. */
export const REGION_RULES: readonly Rule[] = [
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.flatMap(({ name, availability_zones: zones }, index) => {
        const where = `regions[${index}].availability_zones`;
        const example = `availability_zones = ${JSON.stringify(["a", "b", "c"].map((letter) => name + letter))}`;
        const source = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html";
        const unknown = zones.filter((zone) => !isZoneOf(name, zone));
        const problems: Problem[] = [];
        if (unknown.length > 0)
          problems.push({
            where,
            given: unknown,
            why: `${unknown.join(", ")} is not an Availability Zone of ${name}`,
            instead: example,
          });
        if (new Set(zones).size < zones.length)
          problems.push({
            where,
            given: zones,
            why: "contains a zone twice, so the loss of that zone would remove two shares of the platform",
            instead: example,
          });
        if (zones.length < LEAST_ZONES)
          problems.push({
            where,
            given: zones,
            why: `contains ${zones.length} zones; a writer and two readers in separate zones require at least ${LEAST_ZONES}`,
            instead: example,
            source,
          });
        if (zones.length > ZONE_SLOTS)
          problems.push({
            where,
            given: zones,
            why: `the address plan supports up to ${ZONE_SLOTS} zones`,
            instead: `at most ${ZONE_SLOTS} zones`,
          });
        return problems;
      }),
  },
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.flatMap(({ name }, index) =>
        regions.findIndex((other) => other.name === name) < index
          ? [
              {
                where: `regions[${index}].name`,
                given: name,
                why: "is listed twice; a standby in the primary region is lost with it",
                instead: "another region, or remove this entry",
              },
            ]
          : [],
      ),
  },
  {
    reads: ["regions", "removed_regions"],
    check: ({ regions, removed_regions: removed }) =>
      removed.flatMap((given, index) => [
        ...problemIf(
          regions.some(({ name }) => name === given),
          {
            where: `removed_regions[${index}]`,
            given,
            why: "is in regions too, so it cannot be decided whether to deploy or to destroy it",
            instead: "remove its entry from regions to destroy it, or remove it from this list to keep it",
          },
        ),
        ...problemIf(removed.indexOf(given) < index, {
          where: `removed_regions[${index}]`,
          given,
          why: "is listed twice",
          instead: "remove this entry",
        }),
      ]),
  },
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.flatMap(({ vpc_cidr: given }, index) => {
        if (given === undefined) return [];
        const where = `regions[${index}].vpc_cidr`;
        const source = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html";
        const range = parseCidr(given);
        if (!range)
          return [
            {
              where,
              given,
              why: "is not an IPv4 range, or has host bits set",
              instead: 'a range such as "10.0.0.0/16"',
              source,
            },
          ];
        if (range.prefix > SMALLEST_VPC_PREFIX)
          return [
            {
              where,
              given,
              why: `is too small: three tiers in ${ZONE_SLOTS} zones require a /${SMALLEST_VPC_PREFIX} or larger`,
              instead: `"${given.split("/")[0]}/${LARGEST_VPC_PREFIX}"`,
              source,
            },
          ];
        if (range.prefix < LARGEST_VPC_PREFIX)
          return [
            {
              where,
              given,
              why: `is larger than /${LARGEST_VPC_PREFIX}, the maximum of a VPC`,
              instead: `a range of /${LARGEST_VPC_PREFIX} to /${SMALLEST_VPC_PREFIX}`,
              source,
            },
          ];
        if (!isPrivate(range))
          return [
            {
              where,
              given,
              why: "is not a private range: public addresses in it would be unreachable",
              instead: 'a range within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, e.g. "10.0.0.0/16"',
              source,
            },
          ];
        return [];
      }),
  },
  {
    reads: ["regions", "network.reserved_cidrs"],
    check: ({ regions, network }) => {
      const taken = [
        ...network.reserved_cidrs.map((cidr, index) => ({ where: `network.reserved_cidrs[${index}]`, cidr })),
        ...regions.flatMap(({ vpc_cidr: cidr }, index) => (cidr === undefined ? [] : [{ where: `regions[${index}].vpc_cidr`, cidr }])),
      ];
      return taken.flatMap(({ where, cidr }, index) => {
        const range = parseCidr(cidr);
        if (!range)
          return problemIf(where.startsWith("network"), {
            where,
            given: cidr,
            why: "is not an IPv4 range, or has host bits set",
            instead: 'a range such as "10.8.0.0/16"',
          });
        const clash = taken.slice(0, index).find((other) => {
          const otherRange = parseCidr(other.cidr);
          return (
            otherRange !== undefined && !(where.startsWith("network") && other.where.startsWith("network")) && overlaps(range, otherRange)
          );
        });
        return problemIf(clash !== undefined, {
          where,
          given: cidr,
          why: `overlaps ${clash?.cidr} of ${clash?.where}, so the two networks could not be peered`,
          instead: "a range that overlaps no other",
          source: "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
        });
      });
    },
  },
  {
    reads: ["load_balancer.allowed_cidrs", "network.outbound_cidrs"],
    check: ({ load_balancer: { allowed_cidrs }, network: { outbound_cidrs } }) =>
      Object.entries({ "load_balancer.allowed_cidrs": allowed_cidrs, "network.outbound_cidrs": outbound_cidrs }).flatMap(([key, cidrs]) =>
        cidrs.flatMap((cidr, index) =>
          parseCidr(cidr)
            ? problemIf(cidrs.indexOf(cidr) < index, {
                where: `${key}[${index}]`,
                given: cidr,
                why: "is in the list twice; AWS rejects a second rule for the same range",
                instead: "each range once",
              })
            : [
                {
                  where: `${key}[${index}]`,
                  given: cidr,
                  why: "is not an IPv4 range, or has host bits set",
                  instead: '"0.0.0.0/0" for all addresses, or ranges such as "203.0.113.0/24"',
                },
              ],
        ),
      ),
  },
  {
    reads: ["regions"],
    check: ({ regions, account_id }) =>
      regions.flatMap(({ name, certificate_arn: given }, index) =>
        given && !given.startsWith(`arn:aws:acm:${name}:${account_id}:`)
          ? [
              {
                where: `regions[${index}].certificate_arn`,
                given,
                why: `a load balancer supports certificates of its own region and account only (${name}, ${account_id})`,
                instead: "a certificate of that region, or remove the key to create one",
                source: "https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html",
              },
            ]
          : [],
      ),
  },
  {
    reads: ["regions", "primary_region"],
    check: ({ regions, primary_region }) => {
      const index = primary_region === undefined ? 0 : regions.findIndex(({ name }) => name === primary_region);
      return problemIf(regions[index]?.standby !== undefined, {
        where: `regions[${index}].standby`,
        given: regions[index]?.standby,
        why: "the primary region cannot have standby",
        instead: "remove the key, or list another region first",
      });
    },
  },
  {
    reads: ["regions", "primary_region"],
    check: ({ regions, primary_region: given }) =>
      problemIf(given !== undefined && !regions.some(({ name }) => name === given), {
        where: "primary_region",
        given,
        why: "is not in regions",
        instead: regions.map(({ name }) => `"${name}"`).join(" or "),
      }),
  },
];

function isPrivate(range: Cidr): boolean {
  const blocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((block) => parseCidr(block) as Cidr);
  return blocks.some((block) => range.prefix >= block.prefix && overlaps(block, range));
}
