import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { DynamodbTableReplicaA } from "@cdktf/provider-aws/lib/dynamodb-table-replica";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { keyAlias } from "../encryption/key";
import { firstApply } from "../state/first-apply";
import { SESSIONS_KEY_PURPOSE, sessionsTableName } from "./sessions";

export interface SessionReplicaProps {
  /** Names of the region of the replica. */
  readonly names: Names;
  /** ID of the AWS account, as in ARNs and in the conditions of policies. */
  readonly accountId: string;
  /** Region of the table. */
  readonly tableRegion: string;
  /** Provider of the region of the replica. */
  readonly provider: TerraformProvider;
  /** Whether DynamoDB rejects the deletion of the replica. Updated in place. */
  readonly deletionProtection: boolean;
}

/** A replica of the sessions in another region, with the key of that region. Writes are replicated within about a second. */
export class SessionReplica extends Construct {
  constructor(scope: Construct, id: string, { names, accountId, tableRegion, provider, deletionProtection }: SessionReplicaProps) {
    super(scope, id);
    // A first plan succeeds before the region has the key.
    const dependsOn = [firstApply(this)];
    const key = new DataAwsKmsAlias(this, "key", { name: keyAlias(names, SESSIONS_KEY_PURPOSE), provider, dependsOn });
    new DynamodbTableReplicaA(this, "replica", {
      globalTableArn: `arn:aws:dynamodb:${tableRegion}:${accountId}:table/${sessionsTableName(names)}`,
      kmsKeyArn: key.targetKeyArn,
      pointInTimeRecovery: true,
      deletionProtectionEnabled: deletionProtection,
      provider,
      // A change would replace the replica, and an unknown value is a change.
      lifecycle: { ignoreChanges: ["kms_key_arn"] },
    });
  }
}
