import * as rds from "@aws-sdk/client-rds";
import { expect } from "@jest/globals";
import { Names } from "../../config/naming";
import { globalDatabaseName } from "../../modules/database/global-database";
import { Cloud } from "./cloud";
import { FEW_RESOURCES, MINIMAL, twoRegions } from "./config";
import type { Pipeline } from "./pipeline";

export const PRIMARY = "us-east-1";
export const STANDBY = "us-west-2";
export const FIRST_IMAGE = "registry.bank.test/payments:1.4.0";
export const SMALL = { container_image: FIRST_IMAGE, ...FEW_RESOURCES };
/** Each region has an instance, with which a global database can be upgraded. */
export const WARM = { ...SMALL, ...twoRegions("warm") };

/** An environment of two regions with few resources, which a pipeline deploys. */
export class RegionPair {
  readonly names: Names;

  private constructor(
    readonly cloud: Cloud,
    readonly pipeline: Pipeline,
    suffix: string,
  ) {
    this.names = new Names(suffix, PRIMARY, MINIMAL.account_id);
  }

  /** Makes the state buckets and the JSON. */
  static async open(suffix: string, overrides: Readonly<Record<string, unknown>>): Promise<RegionPair> {
    // A deployment of the emulator is complete at once.
    process.env["WAVE_CHECK_SECONDS"] = "0";
    const cloud = await Cloud.open(suffix, overrides);
    await cloud.bootstrap();
    const pipeline = cloud.pipeline(suffix);
    await pipeline.synth();
    return new RegionPair(cloud, pipeline, suffix);
  }

  /** Deploys as a pipeline does, and expects that nothing is left to change. @param args of apply.sh */
  async deploy(overrides: Readonly<Record<string, unknown>>, ...args: readonly string[]): Promise<void> {
    await this.cloud.change(overrides);
    expect(await this.pipeline.deploy(...args)).toEqual({ code: 0, changes: "" });
  }

  /** The database cluster of a region. */
  async cluster(region: string): Promise<rds.DBCluster | undefined> {
    const { DBClusters: [cluster] = [] } = await new rds.RDSClient({ region }).send(
      new rds.DescribeDBClustersCommand({ DBClusterIdentifier: this.clusterName(region) }),
    );
    return cluster;
  }

  /** The identity of the data: it changes when the cluster is replaced. */
  async resourceId(): Promise<string> {
    return (await this.cluster(PRIMARY))?.DbClusterResourceId ?? "";
  }

  /** Makes a region the writer of the global database. */
  async switchTo(region: string): Promise<void> {
    await new rds.RDSClient({ region: PRIMARY }).send(
      new rds.SwitchoverGlobalClusterCommand({
        GlobalClusterIdentifier: globalDatabaseName(this.names),
        TargetDbClusterIdentifier: `arn:aws:rds:${region}:${MINIMAL.account_id}:cluster:${this.clusterName(region)}`,
      }),
    );
  }

  private clusterName(region: string): string {
    return this.names.in(region).of("rds_cluster");
  }
}
