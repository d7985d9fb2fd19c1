import { DescribeSnapshotsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { KMSClient } from "@aws-sdk/client-kms";
import { DescribeDBClusterSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { keepKeys } from "../../../commands/cleanup/keep-keys";
import { findFinalSnapshots } from "../../../commands/final-snapshots";
import { Names } from "../../../config/naming";

const REGION = "us-east-1";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";

afterEach(() => {
  jest.restoreAllMocks();
});

describe("the final snapshots of an environment", () => {
  it("are those of its own clusters, with the time or, from earlier revisions, without it", async () => {
    const own = ["final-aurora-4-us-east-1-20261121073000", "final-aurora-4-us-east-1"];
    const others = ["final-aurora-pr-4-us-east-1-20261121073000", "final-aurora-4-us-east-1-by-hand", "before-final-aurora-4-us-east-1"];
    jest.spyOn(RDSClient.prototype, "send").mockImplementation(((call: DescribeDBClusterSnapshotsCommand) => {
      expect(call.input).toMatchObject({ SnapshotType: "manual" });
      const snapshot = (name: string) => ({ DBClusterSnapshotIdentifier: name, DBClusterSnapshotArn: `arn:${name}`, KmsKeyId: KEY });
      return Promise.resolve({ DBClusterSnapshots: [...own, ...others].map(snapshot) });
    }) as never);
    jest.spyOn(ElastiCacheClient.prototype, "send").mockImplementation(((call: DescribeSnapshotsCommand) => {
      expect(call.input).toMatchObject({ SnapshotSource: "user" });
      const names = ["final-cache-4-us-east-1-20261121073000", "final-cache-pr-4-us-east-1-20261121073000"];
      return Promise.resolve({ Snapshots: names.map((name) => ({ SnapshotName: name, ARN: `arn:${name}`, KmsKeyId: KEY })) });
    }) as never);
    expect(await findFinalSnapshots(new Names("4", REGION, "123456789012"), REGION)).toEqual(
      [...own, "final-cache-4-us-east-1-20261121073000"].map((name) => ({ arn: `arn:${name}`, keyArn: KEY })),
    );
  });
});

describe("the key of a final snapshot", () => {
  const calls = (KeyState: string): string[] => {
    const made: string[] = [];
    jest.spyOn(KMSClient.prototype, "send").mockImplementation(((call: { readonly constructor: { readonly name: string } }) => {
      made.push(call.constructor.name);
      return Promise.resolve({ KeyMetadata: { KeyState } });
    }) as never);
    return made;
  };

  it("is not deleted: its deletion is cancelled, once for all snapshots, and it is enabled", async () => {
    const made = calls("PendingDeletion");
    expect(
      await keepKeys(REGION, [
        { arn: "a", keyArn: KEY },
        { arn: "b", keyArn: KEY },
        { arn: "c", keyArn: undefined },
      ]),
    ).toEqual([KEY]);
    expect(made).toEqual(["DescribeKeyCommand", "CancelKeyDeletionCommand", "EnableKeyCommand"]);
  });

  it.each(["Enabled", "Disabled"])("stays as it is while it is %s", async (state) => {
    const made = calls(state);
    expect(await keepKeys(REGION, [{ arn: "a", keyArn: KEY }])).toEqual([]);
    expect(made).toEqual(["DescribeKeyCommand"]);
  });
});
