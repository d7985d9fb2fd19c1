import { DataAwsRdsCluster } from "@cdktf/provider-aws/lib/data-aws-rds-cluster";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface WriterCheckProps {
  /** Names in the region of the primary cluster. */
  readonly names: Names;
  /** Region of the primary cluster. */
  readonly region: string;
  /** Provider of that region. */
  readonly provider: AwsProvider;
  /** Regions that this plan removes, for the message. */
  readonly removedRegions: readonly string[];
}

/** Rejects the removal of regions while the cluster of the first region replicates that of another one, which is the writer. */
export class WriterCheck extends Construct {
  constructor(scope: Construct, id: string, { names, region, provider, removedRegions }: WriterCheckProps) {
    super(scope, id);
    const clusterIdentifier = names.of("rds_cluster");
    new DataAwsRdsCluster(this, "primary", {
      provider,
      clusterIdentifier,
      lifecycle: {
        postcondition: [
          {
            condition: '${self.replication_source_identifier == ""}',
            errorMessage:
              `The cluster ${clusterIdentifier} is not the writer of the global database, so the removal of ${removedRegions.join(", ")} could delete the data. ` +
              `Switch the roles back with the runbook region-takeover of ${region}, then remove the region.`,
          },
        ],
      },
    });
  }
}
