import { createHash } from "node:crypto";
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { REQUEST_EXPIRY, REQUEST_KEY } from "./attributes";
import type { PaymentRequest } from "./request";

/** State of an idempotency key: new, already used by the same payment, or already used by another payment. */
export type Claim = "new" | "same" | "other";

export interface IdempotencyStore {
  claim(request: PaymentRequest, now: Date): Promise<Claim>;
}

/** Idempotency keys in DynamoDB. The first request claims a key until the key expires. */
export class DynamoDbIdempotencyStore implements IdempotencyStore {
  private readonly client = new DynamoDBClient({});

  /** @param expirySeconds time after which a key expires; longer than the window in which a request is accepted */
  constructor(
    private readonly table: string,
    private readonly expirySeconds: number,
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
            [REQUEST_EXPIRY]: { N: String(seconds + this.expirySeconds) },
          },
          // DynamoDB deletes expired items within days. Until then, an expired key can be claimed again.
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
 * Distinguishes payments. It contains only the last four characters of an account: the hash of a full card number can be
 * reversed by brute force (PCI DSS 4.0, 3.5.1.1).
 */
export function fingerprintOf({ createdAt, amount, method }: PaymentRequest): string {
  const account = method.type === "card" ? [method.number.slice(-4), method.expires] : [method.iban.slice(-4)];
  const parts = [createdAt, amount.value, amount.currency, method.type, ...account];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
