import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { keepsSessionsIn } from "../../../config/stores";
import { keyAlias } from "../../../modules/encryption/key";
import { SESSIONS_KEY_PURPOSE, sessionsTableName } from "../../../modules/sessions/sessions";
import { firstRegion } from "../../../config/config";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { Live } from "../live";
import type { LiveRegion } from "../live-region";

export const TABLES: readonly Check<LiveRegion>[] = [
  {
    requirement:
      "Every DynamoDB table has on-demand billing, its own key, point-in-time recovery, time to live, and deletion protection as configured",
    requirementIds: ["S002-3.1", "S004-3.1", "S004-3.2", "S004-3.3", "S004-3.4", "S004-T11", "S004-C6", "S004-S3", "S004-D4"],
    appliesTo: (live) => live.resources("aws_dynamodb_table").length > 0,
    violations: (live) =>
      checkEach(live.resources("aws_dynamodb_table"), (table) => {
        const TableName = live.text(table, "name");
        const { server_side_encryption: encryption, ttl } = table.values as {
          server_side_encryption?: { kms_key_arn?: string };
          ttl?: { attribute_name?: string };
        };
        return checkResource(TableName, async () => {
          const { Table } = await live.own.dynamodb.send(new DescribeTableCommand({ TableName }));
          const { TimeToLiveDescription } = await live.own.dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
          return differences({
            status: [Table?.TableStatus, "ACTIVE"],
            "billing mode": [Table?.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST"],
            key: [Table?.SSEDescription?.KMSMasterKeyArn, await live.referencedKey(table, encryption?.kms_key_arn)],
            "deletion protection": [Table?.DeletionProtectionEnabled, live.config.protect],
            "point-in-time recovery": [await recovery(live.own.dynamodb, TableName), "ENABLED"],
            "time to live": [TimeToLiveDescription?.TimeToLiveStatus, "ENABLED"],
            "time to live attribute": [TimeToLiveDescription?.AttributeName, ttl?.attribute_name],
          });
        });
      }),
  },
];

export const TABLE_REPLICAS: readonly Check<Live>[] = [
  {
    requirement: "The sessions table is replicated to every region, with that region's key and point-in-time recovery",
    requirementIds: ["S000-6.1", "S000-6.2"],
    appliesTo: ({ config }) => keepsSessionsIn(config, "dynamodb") && config.regions.length > 1,
    violations: (live) => {
      const home = firstRegion(live.config);
      const TableName = sessionsTableName(live.names(home));
      return checkResource(TableName, async () => {
        const { Table } = await live.aws(home).dynamodb.send(new DescribeTableCommand({ TableName }));
        return checkEach(live.config.regions.slice(1), async ({ name }) => {
          const replica = Table?.Replicas?.find(({ RegionName }) => RegionName === name);
          if (!replica) return [`has no replica in ${name}`];
          return differences({
            [`replica in ${name}`]: [replica.ReplicaStatus, "ACTIVE"],
            [`key in ${name}`]: [replica.KMSMasterKeyId, await live.aws(name).key(keyAlias(live.names(name), SESSIONS_KEY_PURPOSE))],
            [`point-in-time recovery in ${name}`]: [await recovery(live.aws(name).dynamodb, TableName), "ENABLED"],
          });
        });
      });
    },
  },
];

async function recovery(dynamodb: DynamoDBClient, TableName: string): Promise<string | undefined> {
  const { ContinuousBackupsDescription } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
  return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
}
