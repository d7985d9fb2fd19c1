import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { DynamodbTableReplicaA } from "@cdktf/provider-aws/lib/dynamodb-table-replica";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { keyAlias } from "../encryption/key";
import { SESSIONS_KEY_PURPOSE, sessionsTableName } from "./sessions";

export interface SessionReplicaProps {
  /** Names of the region that gets the replica. */
  readonly names: Names;
  readonly accountId: string;
  /** Region of the table itself. */
  readonly tableRegion: string;
  /** Provider of the region that gets the replica. */
  readonly provider: TerraformProvider;
  readonly deletionProtection: boolean;
  /** A resource of the same stack: the region's key is looked up after it, so that a first plan works before the region exists. */
  readonly lookUpAfter: ITerraformDependable;
}

/** A replica of the sessions in another region, under that region's own key. Writes reach it within about a second. */
export class SessionReplica extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { names, accountId, tableRegion, provider, deletionProtection, lookUpAfter }: SessionReplicaProps,
  ) {
    super(scope, id);
    const key = new DataAwsKmsAlias(this, "key", { name: keyAlias(names, SESSIONS_KEY_PURPOSE), provider, dependsOn: [lookUpAfter] });
    new DynamodbTableReplicaA(this, "replica", {
      globalTableArn: `arn:aws:dynamodb:${tableRegion}:${accountId}:table/${sessionsTableName(names)}`,
      kmsKeyArn: key.targetKeyArn,
      pointInTimeRecovery: true,
      deletionProtectionEnabled: deletionProtection,
      provider,
    });
  }
}
