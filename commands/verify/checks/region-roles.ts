import { DescribeGlobalClustersCommand } from "@aws-sdk/client-rds";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { globalDatabaseName } from "../../../modules/database/global-database";
import { primaryRegion } from "../../../config/config";
import { WRITES_PARAMETER } from "../../../stacks/platform-regions";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { Live } from "../live";

export const REGION_ROLES: readonly Check<Live>[] = [
  {
    requirement: "Writes are allowed in the region whose database is the writer, and frozen in every other region",
    requirementIds: ["S000-6.2", "S000-3.4"],
    appliesTo: ({ config }) => config.regions.length > 1,
    violations: async (live) => {
      const writer = await writerRegion(live);
      return checkEach(live.config.regions, ({ name: region }) => {
        const Name = live.names(region).path(WRITES_PARAMETER);
        return checkResource(Name, async () => {
          const { Parameter } = await live.aws(region).ssm.send(new GetParameterCommand({ Name }));
          return differences({ value: [Parameter?.Value, region === writer ? "allowed" : "frozen"] });
        });
      });
    },
    notes: async (live) => {
      const writer = await writerRegion(live);
      return writer === primaryRegion(live.config) ? [] : [`${writer} has taken over: it is the primary region`];
    },
  },
];

/** Reads the writer of the global database from the first region that responds. */
async function writerRegion(live: Live): Promise<string> {
  const GlobalClusterIdentifier = globalDatabaseName(live.names(primaryRegion(live.config)));
  const arn = await Promise.any(
    live.config.regions.map(async ({ name }) => {
      const { GlobalClusters: [cluster] = [] } = await live
        .aws(name)
        .rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier }));
      return cluster?.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter === true)?.DBClusterArn;
    }),
  );
  return arn?.split(":")[3] ?? "";
}
