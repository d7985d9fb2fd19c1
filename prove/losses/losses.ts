import { ANYWHERE } from "../network/ranges";
import type { Simulation } from "./simulation";
import { type Part, type Platform, wholeRegion } from "./model";
import { needsOf } from "./starts";

/** One thing that happens to a platform. */
export interface Loss {
  readonly id: string;
  readonly kind: Simulation["kind"];
  readonly lost: string;
  readonly region: string | undefined;
  /** Ids of parts that are lost by it, before anything follows from it. */
  readonly seeds: readonly string[];
  readonly noStarts?: readonly string[];
  readonly registries?: readonly string[];
  /** Prefix of the actions that a control plane answers: `rds`. */
  readonly calls?: string;
}

/** Route 53 and IAM have their control planes in one region. @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html */
const GLOBAL_CONTROL_PLANES = [
  ["Route 53", "route53"],
  ["IAM", "iam"],
] as const;
const GLOBAL_CONTROL_REGION = "us-east-1";
const REGIONAL_CONTROL_PLANES = [
  ["ECS", "ecs"],
  ["RDS", "rds"],
] as const;

/** Every loss that is played: each part alone, and the pairs that the platform is built for. */
export function lossesOf(platform: Platform, primary: string | undefined): readonly Loss[] {
  const parts = [...platform.parts.values()];
  const of = (kind: Loss["kind"], types: readonly string[], what: string, choose: (part: Part) => boolean = () => true): Loss[] =>
    parts
      .filter((part) => types.includes(part.resource.type) && choose(part))
      .map(({ id, region }) => ({ id: `${kind} ${id}`, kind, lost: `${what} ${id}`, region, seeds: [id] }));
  const zones = platform.regions.flatMap((region) => zonesOf(parts, region).map((zone) => zoneLoss(parts, region, zone)));
  const regions = platform.regions.map((region) => regionLoss(parts, region));
  const registries = [...new Set(platform.services.flatMap((service) => needsOf(platform, service).registries))].sort();
  return [
    ...zones,
    ...regions,
    ...of("nat-gateway", ["aws_nat_gateway"], "The NAT gateway"),
    ...of(
      "route",
      ["aws_route"],
      "The default route",
      ({ graph, resource }) => graph.text(resource.values["destination_cidr_block"]) === ANYWHERE,
    ),
    ...of("database-instance", ["aws_rds_cluster_instance", "aws_db_instance"], "The database instance"),
    ...of("cache-node", ["aws_elasticache_replication_group"], "The cache node", ({ id }) => id.includes("#")),
    ...of("key", ["aws_kms_key", "aws_kms_replica_key"], "The KMS key"),
    ...of("secret", ["aws_secretsmanager_secret"], "The secret"),
    ...registries.map((host): Loss => ({
      id: `registry ${host}`,
      kind: "registry",
      lost: `The image registry ${host}`,
      region: undefined,
      seeds: [],
      registries: [host],
    })),
    ...platform.regions.flatMap((region) =>
      REGIONAL_CONTROL_PLANES.map(([name, calls]): Loss => ({
        id: `control-plane ${region}/${name}`,
        kind: "control-plane",
        lost: `The control plane of ${name} in ${region}`,
        region,
        seeds: [],
        calls,
        ...(name === "ECS" && { noStarts: [region] }),
      })),
    ),
    ...(platform.regions.length === 0 ? [] : GLOBAL_CONTROL_PLANES).map(([name, calls]): Loss => ({
      id: `control-plane ${name}`,
      kind: "control-plane",
      lost: `The control plane of ${name}`,
      region: GLOBAL_CONTROL_REGION,
      seeds: [],
      calls,
    })),
    ...pairs(zones, regions, primary),
  ];
}

function zonesOf(parts: readonly Part[], region: string): readonly string[] {
  return [...new Set(parts.filter((part) => part.region === region).flatMap(({ zone }) => zone ?? []))].sort();
}

function zoneLoss(parts: readonly Part[], region: string, zone: string): Loss {
  return {
    id: `zone ${region}/${zone}`,
    kind: "zone",
    lost: `The Availability Zone ${zone}`,
    region,
    seeds: parts.filter((part) => part.zone === zone).map(({ id }) => id),
  };
}

function regionLoss(parts: readonly Part[], region: string): Loss {
  const seeds = parts.filter((part) => part.region === region).map(({ id }) => id);
  return { id: `region ${region}`, kind: "region", lost: `The region ${region}`, region, seeds: [...seeds, wholeRegion(region)] };
}

/** A zone of the primary together with a standby, and any two zones of a region. */
function pairs(zones: readonly Loss[], regions: readonly Loss[], primary: string | undefined): readonly Loss[] {
  const pair = (one: Loss, other: Loss): Loss => ({
    id: `pair ${one.id} + ${other.id}`,
    kind: "pair",
    lost: `${one.lost}, and ${other.lost.replace("The ", "the ")}`,
    region: one.region,
    seeds: [...one.seeds, ...other.seeds],
  });
  return [
    ...zones
      .filter(({ region }) => region === primary)
      .flatMap((zone) => regions.filter(({ region }) => region !== primary).map((region) => pair(zone, region))),
    ...zones.flatMap((zone, index) =>
      zones
        .slice(index + 1)
        .filter(({ region }) => region === zone.region)
        .map((other) => pair(zone, other)),
    ),
  ];
}
