import { DescribeGlobalClustersCommand, type GlobalCluster } from "@aws-sdk/client-rds";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { GLOBAL_WRITER_ENDPOINT, LIVE_DATABASE } from "../../../modules/database/connection";
import { globalDatabaseName } from "../../../modules/database/global-database";
import { primaryRegion } from "../../../config/config";
import { type Check, checkEach, checkResource, compareSets, differences, Missing } from "../check";
import type { Live } from "../live";

export const GLOBAL_DATABASE: readonly Check<Live>[] = [
  {
    requirement: "Every region is a member of the global database, which has exactly one writer and is encrypted",
    requirementIds: ["S000-6.1", "S000-6.2", "S000-T12", "S000-S8", "S000-D14", "S000-T16"],
    appliesTo: ({ config }) => config.regions.length > 1,
    violations: async (live) => {
      const { name, cluster } = await globalCluster(live);
      const members = cluster.GlobalClusterMembers ?? [];
      const writers = members.filter(({ IsWriter }) => IsWriter === true).map(({ DBClusterArn }) => regionOf(DBClusterArn));
      return [
        ...compareSets(
          members.map(({ DBClusterArn }) => regionOf(DBClusterArn)),
          live.config.regions.map((region) => region.name),
          { missing: `is not a member of ${name}`, extra: `is a member of ${name} and not configured` },
        ),
        ...(writers.length === 1 ? [] : [`${name} has ${writers.length === 0 ? "no writer" : `writers in ${writers.join(" and ")}`}`]),
        ...differences({ status: [cluster.Status, "available"], encryption: [cluster.StorageEncrypted, true] }),
      ];
    },
  },
  {
    requirement: "Every region has a parameter with the writer endpoint of the global database",
    requirementIds: ["S000-6.2", "S000-T11"],
    appliesTo: ({ config }) => config.regions.length > 1,
    violations: async (live) => {
      const { cluster } = await globalCluster(live);
      return checkEach(live.config.regions, async ({ name: region }) => {
        const names = live.names(region);
        const parameter = async (path: string): Promise<string | undefined> =>
          (await live.aws(region).ssm.send(new GetParameterCommand({ Name: names.path(path) }))).Parameter?.Value;
        // A rewind switches the tasks to a cluster that is in no global database and has its own endpoint.
        if ((await parameter(LIVE_DATABASE.identifier)) !== names.of("rds_cluster")) return [];
        const Name = names.path(GLOBAL_WRITER_ENDPOINT);
        return checkResource(Name, async () => differences({ value: [await parameter(GLOBAL_WRITER_ENDPOINT), cluster.Endpoint] }));
      });
    },
  },
];

/** Region whose cluster is the writer of the global database. Empty without a writer. */
export async function writerRegion(live: Live): Promise<string> {
  const { cluster } = await globalCluster(live);
  return regionOf(cluster.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter === true)?.DBClusterArn);
}

/** Reads the global database from all regions at once, because a lost region does not answer. */
async function globalCluster(live: Live): Promise<{ readonly name: string; readonly cluster: GlobalCluster }> {
  const name = globalDatabaseName(live.names(primaryRegion(live.config)));
  const requests = live.config.regions.map(async ({ name: region }) => {
    const { GlobalClusters } = await live.aws(region).rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: name }));
    return GlobalClusters?.[0];
  });
  const answers = await Promise.allSettled(requests);
  const answered = answers.find(({ status }) => status === "fulfilled");
  const cluster = answered?.status === "fulfilled" ? answered.value : await requests[0];
  if (!cluster) throw new Missing(`${name} does not exist`);
  return { name, cluster };
}

function regionOf(arn: string | undefined): string {
  return arn?.split(":")[3] ?? "";
}
