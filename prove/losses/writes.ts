import type { Part, Platform } from "./model";
import type { Outage } from "./outage";
import type { Simulation } from "./simulation";

/** A database that is written: one cluster, or the clusters of a global database. */
export interface Database {
  readonly writer: Part;
  readonly region: string | undefined;
  /** Clusters of other regions that can be made the writer. */
  readonly others: readonly Part[];
}

const known = new WeakMap<Platform, readonly Database[]>();

/** Databases with their writer. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html */
export function writersOf(platform: Platform): readonly Database[] {
  const found = known.get(platform) ?? find(platform);
  known.set(platform, found);
  return found;
}

function find(platform: Platform): readonly Database[] {
  const clusters = [...platform.parts.values()].filter(({ resource }) => resource.type === "aws_rds_cluster");
  const groups = new Map<string, Part[]>();
  for (const part of clusters) {
    const name = part.graph.text(part.resource.values["global_cluster_identifier"]) ?? part.id;
    groups.set(name, [...(groups.get(name) ?? []), part]);
  }
  const instances = [...platform.parts.values()].filter(
    ({ resource }) => resource.type === "aws_db_instance" && resource.values["replicate_source_db"] === undefined,
  );
  return [
    ...[...groups.values()].flatMap((members) => {
      const writer = members.find(isSource) ?? members[0];
      return writer ? [{ writer, region: writer.region, others: members.filter((one) => one !== writer) }] : [];
    }),
    ...instances.map((writer) => ({ writer, region: writer.region, others: [] })),
  ];
}

/** A cluster that copies another one names it, or its region, and has no user of its own. */
function isSource({ resource: { values } }: Part): boolean {
  return (
    values["source_region"] === undefined &&
    values["replication_source_identifier"] === undefined &&
    values["master_username"] !== undefined
  );
}

/** Who can write after a loss. The worst of all databases counts. */
export function writesAfter(platform: Platform, before: Outage, after: Outage): Simulation["writes"] {
  const order = ["lost", "by command", "interrupted", "served"] as const;
  const found = writersOf(platform).map((database) => ofOne(platform, before, after, database));
  return order.find((one) => found.includes(one)) ?? "served";
}

function ofOne(platform: Platform, before: Outage, after: Outage, { writer, others }: Database): Simulation["writes"] {
  if (!after.has(writer)) {
    const instances = writer.any.map((id) => platform.parts.get(id)).filter((part) => !before.has(part));
    // Aurora decides which instance is the writer: any that is lost can be it.
    if (!instances.some((part) => after.has(part))) return "served";
    return "interrupted";
  }
  // An instance with a standby in another zone is moved to it by RDS.
  const survives =
    writer.resource.type === "aws_db_instance" &&
    writer.graph.text(writer.resource.values["multi_az"]) === "true" &&
    !regionIsLost(platform, after, writer);
  if (survives) return "interrupted";
  return others.some((other) => !after.has(other)) ? "by command" : "lost";
}

function regionIsLost(platform: Platform, after: Outage, { region }: Part): boolean {
  return [...platform.parts.values()].every((part) => part.region !== region || after.has(part));
}
