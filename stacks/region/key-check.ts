import type { Aurora } from "../../modules/database/aurora";
import { masterSecretKeyAlias } from "../../modules/database/master-secret";
import { KeyCheck } from "../../modules/encryption/key-check-function";
import { hasOwnSecret } from "../database-engine";
import type { RegionContext } from "./context";

/**
 * The check of every key of this region, and of the key of the database secret, which the stack `global` creates in every
 * region. To be called when all parts exist: a part creates its key when it is constructed.
 */
export function createKeyCheck({ stack, config, scope, logs, keys, alerts, ruleDeadLetters }: RegionContext, database: Aurora): void {
  const secretKey = hasOwnSecret(config) ? { [masterSecretKeyAlias(scope.names)]: database.secretKeyArn } : {};
  new KeyCheck(stack, "key-check", {
    ...scope,
    ...logs,
    // Without this key, its alarm could not be delivered either: the check needs no other.
    keyArn: keys.arn("alerts"),
    keys: { ...keys.arnsByAlias(), ...secretKey },
    environmentSuffix: config.environmentSuffix,
    ruleDeadLetters,
    alerts,
  });
}
