import {
  type DBCluster,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  type GlobalCluster,
  RDSClient,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { handler, type Seen } from "../../../modules/runbooks/move-database";

interface Client {
  readonly config: { readonly region: () => Promise<string> };
}
type Send = (this: Client, command: { readonly input: object }) => Promise<object>;

const clusterIn = (region: string): string => `arn:aws:rds:${region}:123456789012:cluster:aurora-pr-42-${region}`;
const ENVIRONMENT = {
  AWS_REGION: "us-west-2",
  GLOBAL_CLUSTER: "global-database-pr-42",
  OWN_CLUSTER_ARN: clusterIn("us-west-2"),
  WRITES_PARAMETERS: JSON.stringify({
    "us-east-1": "/standfast/pr-42/us-east-1/writes",
    "us-west-2": "/standfast/pr-42/us-west-2/writes",
  }),
};

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
  for (const client of [RDSClient, SSMClient])
    jest.spyOn(client.prototype as unknown as { send: Send }, "send").mockImplementation(async function (this: Client, command) {
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

describe("the global database, seen from a region", () => {
  const EAST = { DBClusterArn: clusterIn("us-east-1"), IsWriter: true, SynchronizationStatus: "connected" } as const;
  const WEST = { DBClusterArn: clusterIn("us-west-2"), IsWriter: false, SynchronizationStatus: "connected" } as const;

  it.each<[string, readonly GlobalCluster[], Seen]>([
    ["follows the primary", [database()], { phase: "secondary", primaryRegion: "us-east-1", connected: true }],
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
      "is the primary, and does not say that it is connected to itself",
      [database({ GlobalClusterMembers: [{ DBClusterArn: clusterIn("us-west-2"), IsWriter: true }] })],
      { phase: "primary", primaryRegion: "us-west-2", connected: true },
    ],
    [
      "follows, but does not get what the primary writes",
      [database({ GlobalClusterMembers: [EAST, { ...WEST, SynchronizationStatus: "pending-resync" }] })],
      { phase: "secondary", primaryRegion: "us-east-1", connected: false },
    ],
    [
      "follows, while another region does not get what the primary writes",
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
      "is being failed over, and has the role already",
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
      "has no writer for a moment",
      [database({ Status: "failing-over", GlobalClusterMembers: [{ ...EAST, IsWriter: false }, WEST] })],
      { phase: "changing", primaryRegion: "", connected: true },
    ],
    ["is no member", [database({ GlobalClusterMembers: [EAST] })], { phase: "missing", primaryRegion: "us-east-1", connected: false }],
    [
      "is no member, even while something is under way",
      [database({ Status: "modifying", GlobalClusterMembers: [EAST] })],
      { phase: "missing", primaryRegion: "us-east-1", connected: false },
    ],
    ["is not there at all", [], { phase: "missing", primaryRegion: "", connected: false }],
  ])("%s", async (_, clusters, seen) => {
    globalClusters = clusters;
    expect(await handler({ do: "inspect" })).toEqual(seen);
    expect(calls[0]).toEqual(["us-west-2", DescribeGlobalClustersCommand.name, { GlobalClusterIdentifier: "global-database-pr-42" }]);
  });
});

describe("the global database while the lost region has not joined it again", () => {
  const GlobalClusterMembers = [
    { DBClusterArn: clusterIn("us-east-1"), IsWriter: false },
    { DBClusterArn: clusterIn("us-west-2"), IsWriter: true },
  ];
  const WRITER = [{ DBInstanceIdentifier: "one", IsClusterWriter: true }];

  it.each<[string, DBCluster | undefined, Seen["phase"]]>([
    ["writes here once the own cluster is available and has a writer", { Status: "available", DBClusterMembers: WRITER }, "primary"],
    ["does not while the own cluster is promoted", { Status: "promoting", DBClusterMembers: WRITER }, "changing"],
    [
      "does not while the own cluster has readers only",
      { Status: "available", DBClusterMembers: [{ IsClusterWriter: false }] },
      "changing",
    ],
    ["does not where the own cluster cannot be found", undefined, "changing"],
  ])("%s", async (_, cluster, phase) => {
    globalClusters = [database({ Status: "failing-over", GlobalClusterMembers })];
    ownCluster = cluster;
    expect((await handler({ do: "inspect" })) as Seen).toMatchObject({ phase });
    expect(calls[1]).toEqual(["us-west-2", DescribeDBClustersCommand.name, { DBClusterIdentifier: clusterIn("us-west-2") }]);
  });
});

describe("a switchover", () => {
  it("to this region's cluster is asked for in the region of the present primary", async () => {
    expect(await handler({ do: "switch-over", from: "us-east-1" })).toEqual({});
    expect(calls).toEqual([
      [
        "us-east-1",
        SwitchoverGlobalClusterCommand.name,
        { GlobalClusterIdentifier: "global-database-pr-42", TargetDbClusterIdentifier: clusterIn("us-west-2") },
      ],
    ]);
  });
});

describe("writes", () => {
  it.each([
    ["us-east-1", "frozen"],
    ["us-east-1", "allowed"],
    ["us-west-2", "frozen"],
    ["us-west-2", "allowed"],
  ] as const)("in %s are %s by that region's own parameter, in that region", async (region, to) => {
    expect(await handler({ do: "set-writes", region, to })).toEqual({});
    expect(calls).toEqual([[region, PutParameterCommand.name, { Name: `/standfast/pr-42/${region}/writes`, Value: to, Overwrite: true }]]);
  });

  it.each(["eu-west-1", "", "us-east"])("in %j are refused: the platform has no such region", async (region) => {
    await expect(handler({ do: "set-writes", region, to: "allowed" })).rejects.toThrow(
      new Error(`${region} is no region of this platform`),
    );
    expect(calls).toEqual([]);
  });
});

describe("the database is not moved", () => {
  it.each([
    ["to see it", { do: "inspect" }],
    ["to switch over", { do: "switch-over", from: "us-east-1" }],
    ["to freeze writes", { do: "set-writes", region: "us-east-1", to: "frozen" }],
  ] as const)("when AWS refuses %s, and fails with AWS's own reason", async (_, request) => {
    error = Object.assign(new Error("the region is lost"), { name: "InvalidGlobalClusterStateFault" });
    await expect(handler(request)).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ["AWS_REGION", { do: "inspect" }],
    ["GLOBAL_CLUSTER", { do: "inspect" }],
    ["GLOBAL_CLUSTER", { do: "switch-over", from: "us-east-1" }],
    ["OWN_CLUSTER_ARN", { do: "switch-over", from: "us-east-1" }],
    ["WRITES_PARAMETERS", { do: "set-writes", region: "us-east-1", to: "frozen" }],
  ] as const)("when %s is missing: %j", async (variable, request) => {
    Reflect.deleteProperty(process.env, variable);
    await expect(handler(request)).rejects.toThrow(new Error(`the environment variable ${variable} is missing`));
    expect(calls).toEqual([]);
  });
});
