import type { Names } from "../../config/naming";
import { keyAlias } from "../encryption/key";

/** Name of the secret in every region. A cluster refers to it by this name, not through the stack that creates it. */
export function masterSecretName(names: Names): string {
  return names.of("secretsmanager_secret", "database");
}

/** Name of the secret of the user of the services, in every region. It has the key of the master secret. */
export function serviceSecretName(names: Names): string {
  return names.of("secretsmanager_secret", "service-user");
}

/** Purpose of its key, as part of the alias by which each region looks up its key. */
export const MASTER_SECRET_KEY_PURPOSE = "database-secret";

export function masterSecretKeyAlias(names: Names): string {
  return keyAlias(names, MASTER_SECRET_KEY_PURPOSE);
}
