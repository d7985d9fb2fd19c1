import { DescribeGlobalClustersCommand, type GlobalCluster } from "@aws-sdk/client-rds";
import { globalDatabaseName } from "../../../modules/database/global-database";
import { primaryRegion } from "../../../config/config";
import { type Check, compareSets, differences, Missing } from "../check";
import type { Live } from "../live";

export const GLOBAL_DATABASE: readonly Check<Live>[] = [
  {
    requirement: "Every region is a member of the global database, which has exactly one writer and is encrypted",
    requirementIds: ["S000-6.1", "S000-6.2", "S000-T12", "S000-S8", "S000-D14", "S000-T16"],
    appliesTo: ({ config }) => config.regions.length > 1,
    violations: async (live) => {
      const name = globalDatabaseName(live.names(primaryRegion(live.config)));
      const cluster = await globalCluster(live, name);
      if (!cluster) throw new Missing(`${name} does not exist`);
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
];

/** Reads the global database from all regions at once, because a lost region does not answer. */
async function globalCluster(live: Live, name: string): Promise<GlobalCluster | undefined> {
  const requests = live.config.regions.map(async ({ name: region }) => {
    const { GlobalClusters } = await live.aws(region).rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: name }));
    return GlobalClusters?.[0];
  });
  const answers = await Promise.allSettled(requests);
  const answered = answers.find(({ status }) => status === "fulfilled");
  return answered?.status === "fulfilled" ? answered.value : requests[0];
}

function regionOf(arn: string | undefined): string {
  return arn?.split(":")[3] ?? "";
}
