import { TIERS, type Tier } from "../cidr";
import type { Problem } from "../errors";
import { valueAt } from "../paths";
import type { RawConfig } from "../schema";
import { problemIf, type Rule } from "./rule";

type Vpc = NonNullable<RawConfig["regions"][number]["vpc"]>;

/** Keys that configure what the platform creates in its own VPC only. */
const ONLY_OWN_VPC: Readonly<Record<string, string>> = {
  "network.nat": "the owner of the VPC decides on egress",
  "network.reserved_cidrs": "the platform chooses no address range",
};

/** A VPC of another owner: its IDs, and the keys that exclude it. What AWS has is checked by the plan. */
export const VPC_RULES: readonly Rule[] = [
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.flatMap(({ vpc_cidr, vpc }, index) => [
        ...problemIf(vpc_cidr === undefined && vpc === undefined, {
          where: `regions[${index}].vpc_cidr`,
          why: "is missing, and presets have no default for it",
          instead: 'a range for a VPC of the platform, e.g. "10.0.0.0/16"; or vpc = { ... } for a VPC that exists',
        }),
        ...problemIf(vpc_cidr !== undefined && vpc !== undefined, {
          where: `regions[${index}].vpc_cidr`,
          given: vpc_cidr,
          why: "has no effect with vpc: the VPC that exists has its range",
          instead: "remove vpc_cidr to use the VPC that exists, or remove vpc to create one",
        }),
      ]),
  },
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.some(({ vpc }) => vpc)
        ? regions.flatMap(({ vpc }, index) =>
            problemIf(vpc === undefined, {
              where: `regions[${index}].vpc`,
              why: "is missing, and another region has it: egress and its checks would differ between the regions",
              instead: "vpc in every region, or in none",
            }),
          )
        : [],
  },
  {
    reads: ["regions"],
    check: ({ regions }) =>
      regions.flatMap(({ vpc, availability_zones: zones }, index) =>
        vpc === undefined
          ? []
          : TIERS.flatMap((tier) => {
              const given = subnetsOf(vpc, tier);
              return problemIf(given.length !== zones.length, {
                where: whereOf(index, tier),
                given,
                why: `contains ${given.length} subnets for ${zones.length} zones`,
                instead: `one ${tier} subnet for each of availability_zones, in the same order: ${zones.join(", ")}`,
              });
            }),
      ),
  },
  {
    reads: ["regions"],
    check: ({ regions }) => {
      const taken = new Map<string, string>();
      return regions.flatMap(({ vpc }, index) => [
        ...(vpc ? repeated(taken, `regions[${index}].vpc.id`, vpc.id, "a VPC is in one region") : []),
        ...(vpc ? TIERS : []).flatMap((tier) =>
          subnetsOf(vpc as Vpc, tier).flatMap((subnet, position) =>
            repeated(taken, `${whereOf(index, tier)}[${position}]`, subnet, "each tier has its own subnet in each zone"),
          ),
        ),
      ]);
    },
  },
  {
    reads: ["regions", "network"],
    check: ({ regions, given }) =>
      regions.some(({ vpc }) => vpc)
        ? Object.entries(ONLY_OWN_VPC).flatMap(([key, because]) => {
            const value = valueAt(given, key.split("."));
            return problemIf(value !== undefined, {
              where: key,
              given: value,
              why: `has no effect with regions[].vpc: ${because}`,
              instead: "remove the key",
            });
          })
        : [],
  },
];

function subnetsOf(vpc: Vpc, tier: Tier): readonly string[] {
  return vpc[`${tier}_subnet_ids`];
}

function whereOf(region: number, tier: Tier): string {
  return `regions[${region}].vpc.${tier}_subnet_ids`;
}

/** A problem if an ID is taken already, else the ID is taken from now on. */
function repeated(taken: Map<string, string>, where: string, given: string, because: string): Problem[] {
  const other = taken.get(given);
  if (other === undefined) taken.set(given, where);
  return problemIf(other !== undefined, {
    where,
    given,
    why: `is ${other} already; ${because}`,
    instead: "another ID",
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
  });
}
