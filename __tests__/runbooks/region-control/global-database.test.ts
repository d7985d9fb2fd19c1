import {
  type DBCluster,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  type GlobalCluster,
  RDSClient,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { handler } from "../../../modules/runbooks/region-control";
import { type GlobalDatabaseState, inspect } from "../../../modules/runbooks/region-control/global-database";
import { clusterIn, variables } from "./fake-sdk";

interface Client {
  readonly config: { readonly region: () => Promise<string> };
}
type Send = (this: Client, command: { readonly input: object }) => Promise<object>;

const ENVIRONMENT = variables();

/** The global database with its writer in the other region. */
const database = (changes: GlobalCluster = {}): GlobalCluster => ({
  GlobalClusterIdentifier: "global-database-pr-42",
  Status: "available",
  GlobalClusterMembers: [
    { DBClusterArn: clusterIn("us-east-1"), IsWriter: true, SynchronizationStatus: "connected" },
    { DBClusterArn: clusterIn("us-west-2"), IsWriter: false, SynchronizationStatus: "connected" },
  ],
  ...changes,
});

/** The calls, as [region, operation, input]. */
const calls: [string, string, object][] = [];
let globalClusters: readonly GlobalCluster[];
let ownCluster: DBCluster | undefined;
let error: Error | undefined;

beforeEach(() => {
  Object.assign(process.env, ENVIRONMENT);
  calls.length = 0;
  globalClusters = [database()];
  ownCluster = undefined;
  error = undefined;
  jest.spyOn(RDSClient.prototype as unknown as { send: Send }, "send").mockImplementation(async function (this: Client, command) {
    calls.push([await this.config.region(), command.constructor.name, command.input]);
    if (error) throw error;
    if (command instanceof DescribeDBClustersCommand) return { DBClusters: ownCluster ? [ownCluster] : [] };
    return command instanceof DescribeGlobalClustersCommand ? { GlobalClusters: globalClusters } : {};
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const variable of Object.keys(ENVIRONMENT)) Reflect.deleteProperty(process.env, variable);
});

describe("the cluster of a region in the global database", () => {
  const EAST = { DBClusterArn: clusterIn("us-east-1"), IsWriter: true, SynchronizationStatus: "connected" } as const;
  const WEST = { DBClusterArn: clusterIn("us-west-2"), IsWriter: false, SynchronizationStatus: "connected" } as const;

  it.each<[string, readonly GlobalCluster[], GlobalDatabaseState]>([
    ["replicates from the primary", [database()], { phase: "secondary", primaryRegion: "us-east-1", connected: true }],
    [
      "is the primary",
      [
        database({
          GlobalClusterMembers: [
            { ...EAST, IsWriter: false },
            { ...WEST, IsWriter: true },
          ],
        }),
      ],
      { phase: "primary", primaryRegion: "us-west-2", connected: true },
    ],
    [
      "is the primary, whose own synchronization status is not reported",
      [database({ GlobalClusterMembers: [{ DBClusterArn: clusterIn("us-west-2"), IsWriter: true }] })],
      { phase: "primary", primaryRegion: "us-west-2", connected: true },
    ],
    [
      "is a secondary whose replication is interrupted",
      [database({ GlobalClusterMembers: [EAST, { ...WEST, SynchronizationStatus: "pending-resync" }] })],
      { phase: "secondary", primaryRegion: "us-east-1", connected: false },
    ],
    [
      "is a secondary, while the replication of another region is interrupted",
      [
        database({
          GlobalClusterMembers: [
            EAST,
            WEST,
            { DBClusterArn: clusterIn("eu-west-1"), IsWriter: false, SynchronizationStatus: "pending-resync" },
          ],
        }),
      ],
      { phase: "secondary", primaryRegion: "us-east-1", connected: true },
    ],
    [
      "is being switched over",
      [database({ Status: "switching-over" })],
      { phase: "changing", primaryRegion: "us-east-1", connected: true },
    ],
    [
      "is being failed over, and is the writer already",
      [
        database({
          Status: "failing-over",
          GlobalClusterMembers: [
            { ...EAST, IsWriter: false },
            { ...WEST, IsWriter: true },
          ],
        }),
      ],
      { phase: "changing", primaryRegion: "us-west-2", connected: true },
    ],
    [
      "is one of several without a writer",
      [database({ Status: "failing-over", GlobalClusterMembers: [{ ...EAST, IsWriter: false }, WEST] })],
      { phase: "changing", primaryRegion: "", connected: true },
    ],
    ["is not a member", [database({ GlobalClusterMembers: [EAST] })], { phase: "missing", primaryRegion: "us-east-1", connected: false }],
    [
      "is not a member, during a change of the global database",
      [database({ Status: "modifying", GlobalClusterMembers: [EAST] })],
      { phase: "missing", primaryRegion: "us-east-1", connected: false },
    ],
    ["does not exist", [], { phase: "missing", primaryRegion: "", connected: false }],
  ])("%s", async (_, clusters, state) => {
    globalClusters = clusters;
    expect(await inspect()).toEqual(state);
    expect(calls[0]).toEqual(["us-west-2", DescribeGlobalClustersCommand.name, { GlobalClusterIdentifier: "global-database-pr-42" }]);
  });
});

describe("the cluster of a region while the lost region has not rejoined the global database", () => {
  const GlobalClusterMembers = [
    { DBClusterArn: clusterIn("us-east-1"), IsWriter: false },
    { DBClusterArn: clusterIn("us-west-2"), IsWriter: true },
  ];
  const WRITER = [{ DBInstanceIdentifier: "one", IsClusterWriter: true }];

  it.each<[string, DBCluster | undefined, GlobalDatabaseState["phase"]]>([
    ["is the primary once it is available and has a writer", { Status: "available", DBClusterMembers: WRITER }, "primary"],
    ["is changing during its promotion", { Status: "promoting", DBClusterMembers: WRITER }, "changing"],
    ["is changing while it has only readers", { Status: "available", DBClusterMembers: [{ IsClusterWriter: false }] }, "changing"],
    ["is changing when it cannot be found", undefined, "changing"],
  ])("%s", async (_, cluster, phase) => {
    globalClusters = [database({ Status: "failing-over", GlobalClusterMembers })];
    ownCluster = cluster;
    expect(await inspect()).toMatchObject({ phase });
    expect(calls[1]).toEqual(["us-west-2", DescribeDBClustersCommand.name, { DBClusterIdentifier: clusterIn("us-west-2") }]);
  });
});

describe("a switchover", () => {
  it("to this region's cluster is requested in the region of the present primary", async () => {
    expect(await handler({ action: "switch-over", primaryRegion: "us-east-1" })).toEqual({});
    expect(calls).toEqual([
      [
        "us-east-1",
        SwitchoverGlobalClusterCommand.name,
        { GlobalClusterIdentifier: "global-database-pr-42", TargetDbClusterIdentifier: clusterIn("us-west-2") },
      ],
    ]);
  });
});

describe("a request fails", () => {
  it.each([
    ["to describe the global database", () => inspect()],
    ["to switch over", () => handler({ action: "switch-over", primaryRegion: "us-east-1" })],
  ])("when AWS refuses %s, with the error of AWS", async (_, request) => {
    error = Object.assign(new Error("the region is lost"), { name: "InvalidGlobalClusterStateFault" });
    await expect(request()).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  it.each(["AWS_REGION", "GLOBAL_CLUSTER"])("when %s is missing", async (variable) => {
    Reflect.deleteProperty(process.env, variable);
    await expect(inspect()).rejects.toThrow(new Error(`the environment variable ${variable} is missing`));
    expect(calls).toEqual([]);
  });
});
