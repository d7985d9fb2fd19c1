/** Attributes of an item in the table of known requests. In a file of its own: the construct needs no AWS SDK. */
export const REQUEST_KEY = "idempotency_key";
export const REQUEST_EXPIRY = "expires_at";
