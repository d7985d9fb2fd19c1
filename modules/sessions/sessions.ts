import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import { MAX_POINT_IN_TIME_RECOVERY_DAYS } from "../../config/aws-limits";
import type { Names, RegionScope } from "../../config/naming";
import { viaService } from "../encryption/key";
import type { Connection } from "../connections/connection";
import type { Alerts } from "../monitoring/alerts";
import type { Widget } from "../monitoring/metric";
import { sessionAlarms } from "./alarms";

export interface SessionsProps extends RegionScope {
  /**
   * The table, or a replica that `SessionReplica` creates once both regions exist. For a replica, this construct creates the
   * permissions and the alarms.
   */
  readonly part: "table" | "replica";
  /** Key of this region. */
  readonly keyArn: string;
  /** The other regions with a replica. Replicas require the stream of the table. Adding it later changes the table in place. */
  readonly otherRegions: readonly string[];
  /** Whether DynamoDB rejects the deletion of the table. Updated in place. */
  readonly deletionProtection: boolean;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/**
 * Attributes: the id of a session, and its expiry in seconds since 1970. DynamoDB deletes a session within days after its
 * expiry; readers check the expiry.
 */
const SESSION_KEY = "session_id";
const SESSION_EXPIRY = "expires_at";

/** Operations on single sessions. No operation lists all sessions, so a stolen role cannot do that either. */
const OPERATIONS = ["GetItem", "PutItem", "UpdateItem", "DeleteItem"] as const;

/** The same name in every region, as replicas of a global table require. */
export function sessionsTableName(names: Names): string {
  return names.of("dynamodb_table", "sessions");
}

export const SESSIONS_KEY_PURPOSE = "sessions";

/**
 * Sessions in an on-demand DynamoDB table, in three zones, with replicas in the standby regions.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
 */
export class Sessions extends Construct {
  readonly tableName: string;
  readonly tableArn: string;
  readonly widgets: readonly Widget[];
  private readonly keyArn: string;
  private readonly region: string;

  constructor(scope: Construct, id: string, props: SessionsProps) {
    super(scope, id);
    const { names, region, accountId, keyArn } = props;
    this.tableName = sessionsTableName(names);
    this.tableArn = `arn:aws:dynamodb:${region}:${accountId}:table/${this.tableName}`;
    this.keyArn = keyArn;
    this.region = region;
    if (props.part === "table") this.table(props);
    this.widgets = sessionAlarms(this, {
      alerts: props.alerts,
      table: this.tableName,
      operations: OPERATIONS,
      otherRegions: props.otherRegions,
    });
  }

  /**
   * The connection of a service: operations on single sessions, and the key, which DynamoDB uses on behalf of the caller.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  connection(): Connection {
    return {
      parameters: {
        "sessions/table": this.tableName,
        "sessions/key-attribute": SESSION_KEY,
        "sessions/expiry-attribute": SESSION_EXPIRY,
      },
      variables: { SESSIONS_TABLE: "sessions/table" },
      permissions: [
        { Sid: "UseSessions", Action: OPERATIONS.map((operation) => `dynamodb:${operation}`), Resource: this.tableArn },
        {
          Sid: "DecryptSessions",
          Action: ["kms:Decrypt", "kms:DescribeKey"],
          Resource: this.keyArn,
          Condition: viaService("dynamodb", this.region),
        },
      ],
    };
  }

  private table({ keyArn, otherRegions, deletionProtection }: SessionsProps): void {
    const table = new DynamodbTable(this, "table", {
      name: this.tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: SESSION_KEY,
      attribute: [{ name: SESSION_KEY, type: "S" }],
      ttl: { enabled: true, attributeName: SESSION_EXPIRY },
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: MAX_POINT_IN_TIME_RECOVERY_DAYS },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      ...(otherRegions.length > 0 && { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }),
      deletionProtectionEnabled: deletionProtection,
      // The failover stack adds the replicas.
      lifecycle: { ignoreChanges: ["replica"] },
    });
    table.overrideLogicalId("sessions");
  }
}
