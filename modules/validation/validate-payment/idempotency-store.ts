import { createHash } from "node:crypto";
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { REQUEST_EXPIRY, REQUEST_KEY } from "./attributes";
import type { PaymentRequest } from "./request";

/** What an idempotency key stands for: nothing yet, the same payment again, or another one. */
export type Claim = "new" | "same" | "other";

export interface KnownRequests {
  claim(request: PaymentRequest, now: Date): Promise<Claim>;
}

/** Known requests in DynamoDB: each key is taken once, by whoever comes first, until it is forgotten. */
export class KnownRequestsTable implements KnownRequests {
  private readonly client = new DynamoDBClient({});

  /** @param keepSeconds time after which a key is forgotten; longer than the window in which a request is taken */
  constructor(
    private readonly table: string,
    private readonly keepSeconds: number,
  ) {}

  async claim(request: PaymentRequest, now: Date): Promise<Claim> {
    const seconds = Math.floor(now.getTime() / 1000);
    const fingerprint = fingerprintOf(request);
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: {
            [REQUEST_KEY]: { S: request.idempotencyKey },
            fingerprint: { S: fingerprint },
            [REQUEST_EXPIRY]: { N: String(seconds + this.keepSeconds) },
          },
          // DynamoDB deletes what has expired within days: until then it is overwritten.
          ConditionExpression: "attribute_not_exists(#key) OR #expiry < :now",
          ExpressionAttributeNames: { "#key": REQUEST_KEY, "#expiry": REQUEST_EXPIRY },
          ExpressionAttributeValues: { ":now": { N: String(seconds) } },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return "new";
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item?.["fingerprint"]?.S === fingerprint ? "same" : "other";
    }
  }
}

/**
 * Tells two payments apart. Of an account only the last four characters go in: the hash of a whole card number could be
 * turned back into it by trying all of them (PCI DSS 4.0, 3.5.1.1).
 */
export function fingerprintOf({ createdAt, amount, method }: PaymentRequest): string {
  const account = method.type === "card" ? [method.number.slice(-4), method.expires] : [method.iban.slice(-4)];
  const parts = [createdAt, amount.value, amount.currency, method.type, ...account];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
