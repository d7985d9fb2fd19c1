import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import * as rds from "@aws-sdk/client-rds";
import { RemoveRegionsFromReplicationCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { Names } from "../../config/naming";
import { GLOBAL_WRITER_ENDPOINT } from "../../modules/database/connection";
import { globalDatabaseName } from "../../modules/database/global-database";
import { masterSecretName } from "../../modules/database/master-secret";
import { Cloud, describeSimulated } from "../support/cloud";
import { MINIMAL, ONE_REGION, twoRegions } from "../support/config";
import type { Terraform } from "../support/terraform";

jest.setTimeout(10 * 60 * 1000);

const PRIMARY = "us-east-1";
const STANDBY = "us-west-2";
const SUFFIX = "it-g";

/** The stack `global` alone. The clusters of the regions are created directly, without the rest of their regions. */
describeSimulated("the stack global of a live platform", () => {
  let cloud: Cloud;
  const names = new Names(SUFFIX, PRIMARY, MINIMAL.account_id);
  const GlobalClusterIdentifier = globalDatabaseName(names);
  const DBClusterIdentifier = (region: string): string => names.in(region).of("rds_cluster");
  const clusterArn = (region: string): string => `arn:aws:rds:${region}:${MINIMAL.account_id}:cluster:${DBClusterIdentifier(region)}`;
  const database = (region: string): rds.RDSClient => new rds.RDSClient({ region });
  const engine = { Engine: "aurora-postgresql", EngineVersion: "16.8", StorageEncrypted: true };
  const user = { MasterUsername: "ledger_admin", MasterUserPassword: "not-a-secret", DatabaseName: "payments" };

  /** The stack, synthesized with other values. */
  const global = async (overrides: Readonly<Record<string, unknown>>): Promise<Terraform> => {
    await cloud.change(overrides);
    const terraform = (await cloud.synth())("global");
    await terraform.init();
    return terraform;
  };
  const globalDatabase = async (): Promise<rds.GlobalCluster | undefined> =>
    (await database(PRIMARY).send(new rds.DescribeGlobalClustersCommand({ GlobalClusterIdentifier }))).GlobalClusters?.[0];
  const writerEndpoint = async (region: string): Promise<string | undefined> => {
    const Name = names.in(region).path(GLOBAL_WRITER_ENDPOINT);
    return (await new SSMClient({ region }).send(new GetParameterCommand({ Name }))).Parameter?.Value;
  };
  const removeMember = (region: string) =>
    database(region).send(new rds.RemoveFromGlobalClusterCommand({ GlobalClusterIdentifier, DbClusterIdentifier: clusterArn(region) }));
  /** What a plan that fails says, on one line. */
  const rejection = async (terraform: Terraform): Promise<string> => {
    const { code, stderr } = await terraform.run("plan", "-input=false");
    expect(code).toBe(1);
    return stderr.replaceAll(/[\s│]+/g, " ");
  };

  beforeAll(async () => {
    cloud = await Cloud.open(SUFFIX, ONE_REGION);
    await cloud.bootstrap();
    await (await global(ONE_REGION)).apply();
    await database(PRIMARY).send(new rds.CreateDBClusterCommand({ DBClusterIdentifier: DBClusterIdentifier(PRIMARY), ...engine, ...user }));
  });

  afterAll(() => cloud.close());

  it("creates the global database from the cluster of the region, when the platform gets a second region", async () => {
    const terraform = await global(twoRegions("pilot-light"));
    await terraform.apply();
    const created = await globalDatabase();
    expect(created).toMatchObject({ ...engine, GlobalClusterMembers: [{ DBClusterArn: clusterArn(PRIMARY), IsWriter: true }] });
    expect([await writerEndpoint(PRIMARY), await writerEndpoint(STANDBY)]).toEqual([created?.Endpoint, created?.Endpoint]);
    expect((await terraform.planHasChanges()).changes).toBe(false);
  });

  it("creates the global database anew after its members were removed, and publishes the endpoint of the new one", async () => {
    const before = await writerEndpoint(STANDBY);
    await removeMember(PRIMARY);
    const terraform = await global(twoRegions("pilot-light"));
    expect(await rejection(terraform)).toContain(
      `The cluster ${DBClusterIdentifier(PRIMARY)} exists and is not a member of the global database ${GlobalClusterIdentifier}.`,
    );
    await database(PRIMARY).send(new rds.DeleteGlobalClusterCommand({ GlobalClusterIdentifier }));
    await terraform.apply();
    const created = await globalDatabase();
    expect(created?.GlobalClusterMembers).toMatchObject([{ DBClusterArn: clusterArn(PRIMARY), IsWriter: true }]);
    expect([await writerEndpoint(PRIMARY), await writerEndpoint(STANDBY)]).toEqual([created?.Endpoint, created?.Endpoint]);
    expect(created?.Endpoint).not.toBe(before);
    expect((await terraform.planHasChanges()).changes).toBe(false);
  });

  it("changes the password while the cluster of the first region is the writer, and not while the roles are swapped", async () => {
    await database(STANDBY).send(
      new rds.CreateDBClusterCommand({ DBClusterIdentifier: DBClusterIdentifier(STANDBY), GlobalClusterIdentifier, ...engine }),
    );
    const changed = await global({ ...twoRegions("pilot-light"), database: { password_version: 2 } });
    await changed.apply();
    const switchTo = (region: string) =>
      database(PRIMARY).send(
        new rds.SwitchoverGlobalClusterCommand({ GlobalClusterIdentifier, TargetDbClusterIdentifier: clusterArn(region) }),
      );
    await switchTo(STANDBY);
    expect((await changed.planHasChanges()).changes).toBe(false);
    const again = await global({ ...twoRegions("pilot-light"), database: { password_version: 20 } });
    expect(await rejection(again)).toContain(
      `database.password_version = 20 is a new password, and the cluster ${DBClusterIdentifier(PRIMARY)} is not the writer of the global database.`,
    );
    await switchTo(PRIMARY);
    expect((await again.planHasChanges()).changes).toBe(true);
  });

  it("deletes the global database and what belongs to it in the second region, when that region is removed; the cluster stays", async () => {
    await removeMember(STANDBY);
    // As the postcondition of the secret says: Terraform does not remove the last replica.
    await new SecretsManagerClient({ region: PRIMARY }).send(
      new RemoveRegionsFromReplicationCommand({ SecretId: masterSecretName(names), RemoveReplicaRegions: [STANDBY] }),
    );
    const terraform = await global({ ...ONE_REGION, removed_regions: [STANDBY], database: { password_version: 2 } });
    await terraform.apply();
    await expect(globalDatabase()).rejects.toThrow(rds.GlobalClusterNotFoundFault);
    await expect(writerEndpoint(STANDBY)).rejects.toThrow(ParameterNotFound);
    const { DBClusters = [] } = await database(PRIMARY).send(new rds.DescribeDBClustersCommand({}));
    expect(DBClusters).toMatchObject([{ DBClusterIdentifier: DBClusterIdentifier(PRIMARY), Status: "available" }]);
    const alone = await global({ ...ONE_REGION, database: { password_version: 2 } });
    expect((await alone.planHasChanges()).changes).toBe(false);
  });
});
