import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { keyAlias, viaService } from "../encryption/key";
import type { Statement } from "../iam/policy";
import { ephemeralValue } from "./ephemeral-value";

export interface MasterSecretProps {
  readonly names: Names;
  readonly username: string;
  /** Key of the secret in its own region. */
  readonly keyArn: string;
  /** A higher one draws a new password. */
  readonly passwordVersion: number;
  /** Regions that get a replica, each under a key of its own. */
  readonly replicas: readonly { readonly region: string; readonly keyArn: string }[];
  /** Days for which the deleted secret can be restored. 0 frees the name at once. */
  readonly recoveryDays: number;
}

/** Name of the secret in every region: how a cluster finds it without knowing the stack that made it. */
export function masterSecretName(names: Names): string {
  return names.of("secretsmanager_secret", "database");
}

/** What its key protects: part of the key's alias, by which every region finds its own. */
export const MASTER_SECRET_KEY_PURPOSE = "database-secret";

export function masterSecretKeyAlias(names: Names): string {
  return keyAlias(names, MASTER_SECRET_KEY_PURPOSE);
}

/**
 * User and password of a database that RDS cannot manage them for, replicated to its regions. The password is
 * drawn here as an ephemeral value: it passes through no plan and no state.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html
 */
export class MasterSecret extends Construct {
  constructor(scope: Construct, id: string, { names, username, keyArn, passwordVersion, replicas, recoveryDays }: MasterSecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: masterSecretName(names),
      description: "User and password of the database",
      kmsKeyId: keyArn,
      recoveryWindowInDays: recoveryDays,
      replica: replicas.map((replica) => ({ region: replica.region, kmsKeyId: replica.keyArn })),
      // A replica that an interrupted destroy left behind must not stop the next deploy.
      forceOverwriteReplicaSecret: true,
    });
    // RDS takes no / " @ or space in a password.
    const password = ephemeralValue(this, "aws_secretsmanager_random_password", "database", {
      password_length: 40,
      exclude_punctuation: true,
    });
    new SecretsmanagerSecretVersion(this, "value", {
      secretId: secret.id,
      secretStringWo: `\${jsonencode({ username = "${username}", password = ${password}.random_password })}`,
      secretStringWoVersion: passwordVersion,
    });
  }
}

/** What reads the user and the password of a database: its secret, and the secret's key. */
export function readSecretPermissions(secretArn: string, keyArn: string, region: string): Statement[] {
  return [
    { Sid: "ReadDatabaseCredentials", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    { Sid: "DecryptDatabaseCredentials", Action: "kms:Decrypt", Resource: keyArn, Condition: viaService("secretsmanager", region) },
  ];
}
