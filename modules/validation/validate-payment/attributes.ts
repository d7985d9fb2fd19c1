/** Attributes of an item in the table of idempotency keys. In a separate file, so that the construct imports no AWS SDK. */
export const REQUEST_KEY = "idempotency_key";
export const REQUEST_EXPIRY = "expires_at";
