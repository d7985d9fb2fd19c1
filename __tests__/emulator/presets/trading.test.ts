import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, paginateGetParametersByPath, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it, jest } from "@jest/globals";
import type { Exported } from "../../../modules/backup/service-export";
import { performIn } from "../../support/aws-calls";
import { itSimulated } from "../../support/cloud";
import { describeLifecycle, effectsOf } from "../../support/deployment";
import { statedEffects } from "../../support/effects";
import { OF_PRESETS } from "../transitions/table";
import { execute } from "../../support/state-machine";
import { describeEveryBucket } from "../../support/every-bucket";

jest.setTimeout(3 * 60 * 60 * 1000);

const VALUES = { preset: "trading", feature_flags: { "new-ledger": "on" } };

describeLifecycle("trading", "it-tr", VALUES, (deployed) => {
  it("changes as docs/reference/configuration.md says, in a plan", async () => {
    const changes = OF_PRESETS.trading;
    expect(await effectsOf(deployed(), VALUES, changes)).toEqual(statedEffects(changes));
  });

  it("has Aurora PostgreSQL 14 on small instances, with seven days of backups", async () => {
    const { names, region } = deployed();
    const { DBClusters: [cluster] = [] } = await new RDSClient({ region }).send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: names.of("rds_cluster") }),
    );
    expect(cluster).toMatchObject({
      Engine: "aurora-postgresql",
      EngineVersion: "14.22",
      BackupRetentionPeriod: 7,
      StorageEncrypted: true,
    });
    const { DBInstances = [] } = await new RDSClient({ region }).send(
      new DescribeDBInstancesCommand({ Filters: [{ Name: "db-cluster-id", Values: [names.of("rds_cluster")] }] }),
    );
    expect(DBInstances.map(({ DBInstanceClass }) => DBInstanceClass)).toEqual(Array(3).fill("db.t4g.medium"));
  });

  it("stores sessions in DynamoDB: on-demand, under its own key, restorable to any second, and expiring automatically", async () => {
    const { names, region } = deployed();
    const dynamodb = new DynamoDBClient({ region });
    const TableName = names.of("dynamodb_table", "sessions");
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({ BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" }, SSEDescription: { SSEType: "KMS" } });
    const { ContinuousBackupsDescription } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: 35,
    });
    const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toMatchObject({ TimeToLiveStatus: "ENABLED", AttributeName: "expires_at" });
    const session = { session_id: { S: "s-1" }, expires_at: { N: "4102444800" } };
    await dynamodb.send(new PutItemCommand({ TableName, Item: session }));
    expect((await dynamodb.send(new GetItemCommand({ TableName, Key: { session_id: { S: "s-1" } } }))).Item).toEqual(session);
  });

  describeEveryBucket(deployed, ["access-logs", "application-data", "canary-results", "service-configuration"]);

  describe("the configuration of the service", () => {
    const bucketOf = () => deployed().names.of("s3_bucket", "service-configuration");
    const keyOf = () => `${deployed().names.of("ecs_cluster")}/${deployed().names.of("ecs_service")}.json`;

    it("is written to S3 by the function, without what passes", async () => {
      const { names, region } = deployed();
      const { FunctionError, Payload } = await new LambdaClient({ region }).send(
        new InvokeCommand({ FunctionName: names.of("lambda_function", "service-export") }),
      );
      expect({ FunctionError, answer: JSON.parse(Buffer.from(Payload ?? []).toString()) as unknown }).toEqual({ answer: { key: keyOf() } });
      const object = await new S3Client({ region, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: bucketOf(), Key: keyOf() }));
      const { service, taskDefinition } = JSON.parse((await object.Body?.transformToString()) ?? "") as Exported;
      expect(service).toMatchObject({ desiredCount: 6, availabilityZoneRebalancing: "ENABLED" });
      expect(Object.keys(service)).not.toContain("events");
      expect(taskDefinition.containerDefinitions?.[0]).toMatchObject({ name: "payments", readonlyRootFilesystem: true });
    });

    itSimulated("is written again after a deployment, as another version, and not after one of another service", async () => {
      const { names, region, cloud } = deployed();
      const versions = async () =>
        (await new S3Client({ region, forcePathStyle: true }).send(new ListObjectVersionsCommand({ Bucket: bucketOf() }))).Versions
          ?.length ?? 0;
      const deploymentOf = (service: string) =>
        new EventBridgeClient({ region }).send(
          new PutEventsCommand({
            Entries: [
              {
                Source: "aws.ecs",
                DetailType: "ECS Deployment State Change",
                Resources: [`arn:aws:ecs:${region}:${cloud.config.accountId}:service/${names.of("ecs_cluster")}/${service}`],
                Detail: JSON.stringify({ eventName: "SERVICE_DEPLOYMENT_COMPLETED", deploymentId: "ecs-svc/1" }),
              },
            ],
          }),
        );
      const before = await versions();
      await deploymentOf("another");
      expect(await versions()).toBe(before);
      await deploymentOf(names.of("ecs_service"));
      expect(await versions()).toBe(before + 1);
    });
  });

  describe("the rewind runbook", () => {
    it("is encrypted and logged", async () => {
      expect(await deployed().runbook("rewind")).toMatchObject({
        type: "STANDARD",
        loggingConfiguration: { level: "ALL" },
        tracingConfiguration: { enabled: true },
        encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY" },
      });
    });

    it("leaves the live cluster alone when the time is before its backups", async () => {
      const { region } = deployed();
      const { parsed } = await deployed().runbook("rewind");
      const { failure } = await execute(parsed, { to: "2020-01-01T00:00:00Z" }, performIn(region));
      expect(failure?.error).toBe("Rewind.TooOld");
      const { DBClusters = [] } = await new RDSClient({ region }).send(new DescribeDBClustersCommand({}));
      expect(DBClusters.filter(({ DBClusterIdentifier = "" }) => DBClusterIdentifier.startsWith("aurora-rewind-it-tr"))).toEqual([]);
    });

    itSimulated("restores next to the live cluster and switches the tasks to it, and Terraform does not switch them back", async () => {
      const { names, region } = deployed();
      const { parsed } = await deployed().runbook("rewind");
      const input = { to: new Date(Date.now() - 1000).toISOString() };
      expect((await execute(parsed, input, performIn(region))).failure).toBeUndefined();
      const rds = new RDSClient({ region });
      const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({}));
      const restored = DBClusters.find(({ DBClusterIdentifier }) => DBClusterIdentifier?.startsWith("aurora-rewind-"));
      expect(DBClusters).toHaveLength(2);
      expect(restored).toMatchObject({ StorageEncrypted: true, DBSubnetGroup: names.of("db_subnet_group"), EngineVersion: "14.22" });
      expect(restored?.DBClusterMembers).toHaveLength(3);
      const { Parameter } = await new SSMClient({ region }).send(new GetParameterCommand({ Name: names.path("database/writer-endpoint") }));
      expect(Parameter?.Value).toBe(restored?.Endpoint);
      const { changes } = await deployed().planAgain(region);
      expect(changes).toBe(false);
      // Only the runbook manages the restored cluster; the test deletes what it has created.
      for (const { DBInstanceIdentifier } of restored?.DBClusterMembers ?? [])
        await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
      await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: restored?.DBClusterIdentifier, SkipFinalSnapshot: true }));
    });
  });

  it("has the addresses of all resources below one path, and encrypts the confidential ones", async () => {
    const { names, region } = deployed();
    const found: Record<string, string | undefined> = {};
    const pages = paginateGetParametersByPath({ client: new SSMClient({ region }) }, { Path: names.path(), Recursive: true });
    for await (const { Parameters = [] } of pages)
      for (const { Name = "", Type } of Parameters) found[Name.slice(names.path().length + 1)] = Type;
    expect(found).toEqual({
      "database/cluster-identifier": "String",
      "database/name": "String",
      "database/port": "String",
      "database/reader-endpoint": "String",
      "database/secret-arn": "SecureString",
      "database/writer-endpoint": "String",
      "events/bus": "String",
      "events/source": "String",
      "flags/new-ledger": "String",
      "sessions/expiry-attribute": "String",
      "sessions/key-attribute": "String",
      "sessions/store": "String",
      "sessions/table": "String",
      "storage/application-data-bucket": "String",
    });
  });
});
