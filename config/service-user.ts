/** The database user of the services. At most 32 characters, the limit of MySQL, and longer than any `master_username`. */
export const SERVICE_USERNAME = "standfast_service";

/** How the services authenticate: with the password of a secret, or with tokens that the program requests from IAM. */
export const AUTHENTICATIONS = ["password", "iam"] as const;
export type Authentication = (typeof AUTHENTICATIONS)[number];
