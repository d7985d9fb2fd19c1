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
   * The table itself, or a replica that `SessionReplica` makes once both regions are there: of a replica, this region
   * has the permissions and the alarms.
   */
  readonly part: "table" | "replica";
  /** Key of this region. */
  readonly keyArn: string;
  /** Whether replicas will be added, which needs the table's stream. Adding it later changes the table in place. */
  readonly replicated: boolean;
  readonly deletionProtection: boolean;
  readonly alerts: Alerts;
}

/** How a program names a session, and when it ends: seconds since 1970. Deleted within days of that; readers check it. */
const SESSION_KEY = "session_id";
const SESSION_EXPIRY = "expires_at";

/** What a program does with sessions, one at a time: nothing lists them all, so a stolen role cannot either. */
const OPERATIONS = ["GetItem", "PutItem", "UpdateItem", "DeleteItem"] as const;

/** The same name in every region: replicas of a global table cannot have another. */
export function sessionsTableName(names: Names): string {
  return names.of("dynamodb_table", "sessions");
}

export const SESSIONS_KEY_PURPOSE = "sessions";

/**
 * Sessions in DynamoDB: paid by the request, in three zones, and in the standby regions once they are there.
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
    this.widgets = sessionAlarms(this, { alerts: props.alerts, table: this.tableName, operations: OPERATIONS });
  }

  /**
   * What the service needs: sessions one by one, and the key, with which DynamoDB works on the caller's behalf.
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

  private table({ keyArn, replicated, deletionProtection }: SessionsProps): void {
    const table = new DynamodbTable(this, "table", {
      name: this.tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: SESSION_KEY,
      attribute: [{ name: SESSION_KEY, type: "S" }],
      ttl: { enabled: true, attributeName: SESSION_EXPIRY },
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: MAX_POINT_IN_TIME_RECOVERY_DAYS },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      ...(replicated && { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }),
      deletionProtectionEnabled: deletionProtection,
      // Replicas are added by the stack that joins the regions.
      lifecycle: { ignoreChanges: ["replica"] },
    });
    table.overrideLogicalId("sessions");
  }
}
