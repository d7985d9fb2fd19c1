import type { Graph } from "../graph/graph";
import { everywhere, type Located, named } from "../graph/located";
import { type Resource, text } from "../graph/values";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";
import { type Cluster, clustersOf, ignores, literalsOf, otherMembers, placeName } from "./clusters";
import { capacityFaults } from "./database-capacity";

/** Claims about the standby of the database. */
export const GLOBAL_DATABASE_CLAIMS: readonly Claim[] = [
  {
    id: "B1",
    title: "The databases of all regions are one global database, and an apply does not undo a failover of it",
    requirementIds: ["S000-6.2"],
    decide: (graph, stacks) => {
      const globals = everywhere([graph], "aws_rds_global_cluster");
      const clusters = clustersOf(graph);
      if (globals.length === 0 && (clusters.length === 0 || !hasStandby(stacks)))
        return notApplicable("There is no database of two regions.");
      if (clusters.some(({ region }) => region === undefined)) return unknown("The provider names no region.");
      const faults = [
        ...globals.flatMap((one) => [...globalFaults(one), ...membershipFaults(one, stacks), ...encryptionFaults(one, stacks)]),
        ...clusters.flatMap((cluster) => memberFaults(cluster, stacks)),
      ];
      const evidence = [
        ...globals.map(({ resource }) => resource.address),
        ...clusters.map(
          (cluster) => `${cluster.resource.address} in ${placeName(cluster)} is a member of ${String(cluster.globalDatabase)}`,
        ),
      ];
      return decided(faults, evidence, "Each cluster is a member, each in another region, and Terraform leaves their roles alone.");
    },
  },
  {
    id: "B2",
    title: "The database of each region has the same capacity, engine and settings, so that it carries the load after its promotion",
    requirementIds: ["S000-6.2"],
    decide: (graph, stacks): Finding => {
      const members = clustersOf(graph).map((cluster) => ({ cluster, others: otherMembers(stacks, cluster) }));
      const globals = everywhere([graph], "aws_rds_global_cluster");
      const compared = members.filter(({ others }) => others.length > 0);
      if (compared.length === 0 && globals.length === 0) return notApplicable("No cluster has a counterpart in another region.");
      const faults = [
        ...compared.flatMap(({ cluster, others }) => others.flatMap((other) => capacityFaults(cluster, other))),
        ...globals.flatMap((one) => engineFaults(one, stacks)),
      ];
      const evidence = compared.flatMap(({ cluster, others }) =>
        others.map((other) => `${cluster.resource.address} in ${placeName(cluster)} has what the one in ${placeName(other)} has`),
      );
      return decided([...new Set(faults)], evidence, "Instances, engine, parameters and caches are the same in each region.");
    },
  },
];

/** Whether two regions of these stacks have a database. */
function hasStandby(stacks: readonly Graph[]): boolean {
  return (
    everywhere(stacks, "aws_rds_global_cluster").length > 0 ||
    stacks.flatMap(clustersOf).some(({ globalDatabase }) => globalDatabase !== undefined)
  );
}

/** Arguments whose change replaces a global database. */
const REPLACING = ["source_db_cluster_identifier", "engine", "database_name", "storage_encrypted", "global_cluster_identifier"];

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_global_cluster */
function globalFaults({ resource }: Located): string[] {
  return REPLACING.filter((argument) => String(resource.values[argument]).includes("data.") && !ignores(resource, argument)).map(
    (argument) =>
      `${resource.address} reads ${argument} from a data source, and does not ignore its changes: another value replaces the global database.`,
  );
}

function membershipFaults({ graph, resource }: Located, stacks: readonly Graph[]): string[] {
  const identifier = graph.text(resource.values["global_cluster_identifier"]);
  const regions = stacks.flatMap(clustersOf).flatMap(({ globalDatabase, region }) => (globalDatabase === identifier ? [region] : []));
  return new Set(regions).size < 2
    ? [`${resource.address} has members in fewer than two regions: the loss of ${regions[0] ?? "the region"} takes the database.`]
    : [];
}

/** AWS refuses a member whose encryption is not that of its global database. */
function encryptionFaults({ graph, resource }: Located, stacks: readonly Graph[]): string[] {
  if (graph.target(resource.values["source_db_cluster_identifier"])?.type === "aws_rds_cluster") return [];
  // The value may be an expression that is empty after the first apply.
  const isEncrypted = /\btrue\b/.test(String(resource.values["storage_encrypted"]));
  return membersOf({ graph, resource }, stacks)
    .filter(({ resource: { values } }) => (text(values["storage_encrypted"]) === "true") !== isEncrypted)
    .map((member) => `${resource.address} and its member in ${placeName(member)} differ in encryption, which AWS refuses.`);
}

function membersOf({ graph, resource }: Pick<Located, "graph" | "resource">, stacks: readonly Graph[]): readonly Cluster[] {
  const identifier = graph.text(resource.values["global_cluster_identifier"]);
  return stacks.flatMap(clustersOf).filter(({ globalDatabase }) => globalDatabase === identifier);
}

/** What AWS changes at a cluster when the global database fails over. */
const CHANGED_BY_FAILOVER = ["global_cluster_identifier", "replication_source_identifier"];

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html */
function memberFaults(cluster: Cluster, stacks: readonly Graph[]): string[] {
  const { graph, resource, region, globalDatabase } = cluster;
  const { address } = resource;
  if (globalDatabase === undefined) return [`${address} is in no global database: no other region has the data of ${placeName(cluster)}.`];
  const others = otherMembers(stacks, cluster);
  return [
    ...(named(stacks, "aws_rds_global_cluster", "global_cluster_identifier", globalDatabase).length === 0
      ? [`${address} names the global database ${globalDatabase}, which no stack creates.`]
      : []),
    ...(others.length === 0 ? [`${address} is the only member of ${globalDatabase}: its data are lost with ${placeName(cluster)}.`] : []),
    ...(others.some((other) => other.region === region)
      ? [`${address} has a counterpart of the same global database in the same region ${placeName(cluster)}, which AWS refuses.`]
      : []),
    ...CHANGED_BY_FAILOVER.filter((argument) => !ignores(resource, argument)).map(
      (argument) =>
        `${address} does not ignore changes of ${argument}: the first apply after a failover takes the new role from the cluster.`,
    ),
    ...writerFaults(cluster, others),
    ...sourceFaults(graph, resource, region, others),
  ];
}

/** One member has user and password, the others get them with the data. AWS refuses a second. */
function writerFaults(cluster: Cluster, others: readonly Cluster[]): string[] {
  const { address } = cluster.resource;
  const creates = ({ resource: { values } }: Cluster): boolean =>
    ["master_username", "manage_master_user_password", "snapshot_identifier", "restore_to_point_in_time", "s3_import"].some(
      (argument) => values[argument] !== undefined,
    );
  const creating = [cluster, ...others].filter(creates).length;
  if (creating === 0) return [`No member of ${String(cluster.globalDatabase)} has a user: AWS refuses to create its first cluster.`];
  return creating > 1 && creates(cluster) ? [`${address} and another member both have a user, which AWS refuses for a standby.`] : [];
}

function sourceFaults(graph: Graph, resource: Resource, region: string | undefined, others: readonly Cluster[]): string[] {
  const source = graph.text(resource.values["source_region"]);
  if (source === undefined) return [];
  if (source === region) return [`${resource.address} has its own region ${source} as its source.`];
  return others.some((other) => other.region === source)
    ? []
    : [`${resource.address} replicates from ${source}, where its global database has no cluster.`];
}

/** Where engine and version of a global database are not those of its members: Aurora refuses such a member. */
function engineFaults({ graph, resource }: Located, stacks: readonly Graph[]): string[] {
  const isFromCluster = graph.target(resource.values["source_db_cluster_identifier"])?.type === "aws_rds_cluster";
  const members = membersOf({ graph, resource }, stacks);
  return ["engine", "engine_version"].flatMap((argument) => {
    const literals = literalsOf(graph, resource.values[argument]);
    if (resource.values[argument] === undefined && !isFromCluster)
      return [`${resource.address} has no ${argument}: Aurora takes its default, and refuses members that have another one.`];
    return literals.flatMap((literal) =>
      members.flatMap((member) => {
        const own = member.graph.text(member.resource.values[argument]);
        return own === undefined || own === literal
          ? []
          : [`${resource.address} has the ${argument} ${literal}, and its member in ${placeName(member)} has ${own}.`];
      }),
    );
  });
}
