import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { MAX_POINT_IN_TIME_RECOVERY_DAYS } from "../../config/aws-limits";
import type { RegionScope } from "../../config/naming";
import type { Connection } from "../connections/connection";
import { viaService } from "../encryption/key";
import { NodeFunction, type NodeFunctionProps } from "../functions/node-function";
import type { Statement } from "../iam/policy";
import type { LogSettings } from "../monitoring/log-group";
import type { Widget } from "../monitoring/metric";
import { DeadLetters } from "../queues/dead-letters";
import { REQUEST_EXPIRY, REQUEST_KEY } from "./validate-payment/attributes";

export interface PaymentValidationProps
  extends RegionScope, LogSettings, Pick<NodeFunctionProps, "vpc" | "reservedConcurrency" | "keyArn" | "alerts"> {
  /** Minimum and maximum amount of each accepted currency, as decimal strings. */
  readonly limits: Readonly<Record<string, { readonly min: string; readonly max: string }>>;
  /** Seconds after its creation in which a request is accepted. */
  readonly windowSeconds: number;
  /** Hours for which an idempotency key is stored. */
  readonly idempotencyHours: number;
  /** Version of the function that receives the calls, and the percentage of calls that get the newest version. */
  readonly release: NonNullable<NodeFunctionProps["release"]>;
  /** Encrypts the dead-letter queue. */
  readonly queueKeyArn: string;
  /** Event bus for the results of submitted events, their source, and the permission to put them. @default - no events */
  readonly results?: { readonly busName: string; readonly source: string; readonly put: readonly Statement[] } | undefined;
  /** Whether DynamoDB rejects the deletion of the table of idempotency keys. Updated in place. */
  readonly deletionProtection: boolean;
}

const TIMEOUT_SECONDS = 5;
const RUNBOOK = "validation.md#failures";

/** A Lambda function that validates payment requests, and the table of their idempotency keys. */
export class PaymentValidation extends Construct {
  /** A reference: resources that use it depend on the function. */
  readonly functionName: string;
  /** Alias that callers invoke. A release shifts traffic between versions. */
  readonly alias: { readonly name: string; readonly arn: string };
  /** The role of the function and its policy. */
  readonly permissions: NodeFunction["permissions"];
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: PaymentValidationProps) {
    super(scope, id);
    const { names, region, accountId, keyArn, alerts, results } = props;
    const tableName = names.of("dynamodb_table", "payment-requests");
    const tableArn = `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}`;
    const table = this.table(tableName, props);
    const deadLetters = new DeadLetters(this, "dead-letters", {
      names,
      region,
      accountId,
      purpose: "validation-dead-letters",
      keyArn: props.queueKeyArn,
      alerts,
      clients: "payments are not validated",
      runbook: "validation.md#dead-letters",
    });
    const lambda = new NodeFunction(this, "function", {
      ...props,
      purpose: "validate-payment",
      folder: "modules/validation/validate-payment",
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {
        LIMITS: JSON.stringify(props.limits),
        WINDOW_SECONDS: String(props.windowSeconds),
        IDEMPOTENCY_SECONDS: String(props.idempotencyHours * 3600),
        REQUESTS_TABLE: table.name,
        ...(results && { EVENT_BUS: results.busName, EVENT_SOURCE: results.source }),
      },
      statements: [
        { Sid: "ClaimIdempotencyKeys", Action: "dynamodb:PutItem", Resource: tableArn },
        { Sid: "EncryptRequests", Action: ["kms:Decrypt", "kms:DescribeKey"], Resource: keyArn, Condition: viaService("dynamodb", region) },
        ...(results?.put ?? []),
      ],
      deadLetters,
      runbook: RUNBOOK,
    });
    if (!lambda.alias) throw new Error("a function with a release has an alias");
    this.functionName = lambda.functionName;
    this.alias = lambda.alias;
    this.permissions = lambda.permissions;
    this.widgets = [...lambda.widgets, deadLetters.widget];
  }

  /** The connection of a service that invokes the validation. */
  connection(): Connection {
    return {
      parameters: { "validation/function": this.alias.arn },
      variables: { VALIDATION_FUNCTION: "validation/function" },
      permissions: [{ Sid: "ValidatePayments", Action: "lambda:InvokeFunction", Resource: this.alias.arn }],
    };
  }

  /** Allows an EventBridge rule to invoke the function. @returns the permission, on which the target of the rule depends */
  grantInvoke(ruleArn: string): LambdaPermission {
    return new LambdaPermission(this, "event-bus-invoke-permission", {
      statementId: "event-bus",
      action: "lambda:InvokeFunction",
      functionName: this.functionName,
      qualifier: this.alias.name,
      principal: "events.amazonaws.com",
      sourceArn: ruleArn,
    });
  }

  private table(name: string, { keyArn, deletionProtection }: PaymentValidationProps): DynamodbTable {
    const table = new DynamodbTable(this, "requests", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: REQUEST_KEY,
      attribute: [{ name: REQUEST_KEY, type: "S" }],
      ttl: { enabled: true, attributeName: REQUEST_EXPIRY },
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: MAX_POINT_IN_TIME_RECOVERY_DAYS },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      deletionProtectionEnabled: deletionProtection,
    });
    table.overrideLogicalId("payment-requests");
    return table;
  }
}
