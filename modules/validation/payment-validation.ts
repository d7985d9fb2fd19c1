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
  /** Smallest and largest amount of each accepted currency, as decimal texts. */
  readonly limits: Readonly<Record<string, { readonly min: string; readonly max: string }>>;
  /** Seconds after its making in which a request is taken. */
  readonly windowSeconds: number;
  /** Hours for which an idempotency key is remembered. */
  readonly idempotencyHours: number;
  readonly release: NonNullable<NodeFunctionProps["release"]>;
  /** Encrypts what could not be validated. */
  readonly queueKeyArn: string;
  /** Bus that takes the answers to what is submitted there, the source that they name, and the permission to put them. @default - nothing is submitted by events */
  readonly answers?: { readonly busName: string; readonly source: string; readonly put: readonly Statement[] } | undefined;
  readonly deletionProtection: boolean;
}

const TIMEOUT_SECONDS = 5;
const RUNBOOK = "validation.md#failures";

/** A function that validates payment requests, and the table of the requests that it knows. */
export class PaymentValidation extends Construct {
  /** A reference: whoever uses it waits for the function. */
  readonly functionName: string;
  /** What callers call: a release can shift between versions behind it. */
  readonly alias: { readonly name: string; readonly arn: string };
  /** What the function's role may do, and the role itself. */
  readonly permissions: NodeFunction["permissions"];
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: PaymentValidationProps) {
    super(scope, id);
    const { names, region, accountId, keyArn, alerts, answers } = props;
    const tableName = names.of("dynamodb_table", "payment-requests");
    const tableArn = `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}`;
    const table = this.table(tableName, props);
    const deadLetters = new DeadLetters(this, "dead-letters", {
      names,
      region,
      accountId,
      holds: "validation-dead-letters",
      keyArn: props.queueKeyArn,
      alerts,
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
        KEEP_SECONDS: String(props.idempotencyHours * 3600),
        REQUESTS_TABLE: table.name,
        ...(answers && { EVENT_BUS: answers.busName, EVENT_SOURCE: answers.source }),
      },
      statements: [
        { Sid: "RememberRequests", Action: "dynamodb:PutItem", Resource: tableArn },
        { Sid: "EncryptRequests", Action: ["kms:Decrypt", "kms:DescribeKey"], Resource: keyArn, Condition: viaService("dynamodb", region) },
        ...(answers?.put ?? []),
      ],
      deadLetters,
      runbook: RUNBOOK,
    });
    if (!lambda.alias) throw new Error("a function with a release has an alias");
    this.functionName = lambda.functionName;
    this.alias = lambda.alias;
    this.permissions = lambda.permissions;
    this.widgets = lambda.widgets;
  }

  /** What a service needs to have a payment validated. */
  connection(): Connection {
    return {
      parameters: { "validation/function": this.alias.arn },
      variables: { VALIDATION_FUNCTION: "validation/function" },
      permissions: [{ Sid: "ValidatePayments", Action: "lambda:InvokeFunction", Resource: this.alias.arn }],
    };
  }

  /** Lets a rule of EventBridge call the function. @returns what must exist before it does */
  calledBy(ruleArn: string): LambdaPermission {
    return new LambdaPermission(this, "bus-may-invoke", {
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
