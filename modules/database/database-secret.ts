import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import type { Postcondition } from "cdktf";
import { Construct } from "constructs";
import { viaService } from "../encryption/key";
import type { Statement } from "../iam/policy";
import { ephemeralValue } from "./ephemeral-value";
import { passwordVersionTag, SwapGuard, type SwapGuardProps } from "./password-version";

export interface DatabaseSecretProps {
  /** Name of the secret in every region. */
  readonly secretName: string;
  /** Description of the secret in the console. */
  readonly description: string;
  /** Name of the ephemeral password in the stack. */
  readonly passwordId: string;
  /** Name of the database user, which is in the secret with the password. */
  readonly username: string;
  /** Region of the secret. */
  readonly region: string;
  /** Key of the secret in its own region. */
  readonly keyArn: string;
  /** An increase generates a new password. */
  readonly passwordVersion: number;
  /** Regions that get a replica, each with its own key. */
  readonly replicas: readonly { readonly region: string; readonly keyArn: string }[];
  /** Days for which the deleted secret can be restored. With 0, the name is available again immediately. */
  readonly recoveryDays: number;
  /** The members of a global database, whose writer alone can get a new password. @default - a single region */
  readonly swappable?: Pick<SwapGuardProps, "primaryCluster" | "primaryRegion" | "primaryWrites" | "change"> | undefined;
}

/**
 * User and password of a database whose password RDS does not manage, replicated to its regions. The password is
 * generated as an ephemeral value: it is in no plan and in no state.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html
 */
export class DatabaseSecret extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseSecretProps) {
    super(scope, id);
    const { secretName, description, region, username, keyArn, passwordVersion: version, replicas, recoveryDays, swappable } = props;
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: secretName,
      tags: passwordVersionTag(version),
      description,
      kmsKeyId: keyArn,
      recoveryWindowInDays: recoveryDays,
      replica: replicas.map((replica) => ({ region: replica.region, kmsKeyId: replica.keyArn })),
      // A replica that remains after an interrupted destroy must not block the next deployment.
      forceOverwriteReplicaSecret: true,
      ...(replicas.length === 0 && { lifecycle: { postcondition: [noReplica(secretName, region)] } }),
    });
    // RDS rejects / " @ and space in a password.
    const password = ephemeralValue(this, "aws_secretsmanager_random_password", props.passwordId, {
      password_length: 40,
      exclude_punctuation: true,
    });
    new SecretsmanagerSecretVersion(this, "value", {
      secretId: secret.id,
      secretStringWo: `\${jsonencode({ username = "${username}", password = ${password}.random_password })}`,
      secretStringWoVersion: version,
      ...(swappable && {
        lifecycle: { precondition: [new SwapGuard(this, "swap-guard", { ...swappable, secretName, version }).precondition] },
      }),
    });
  }
}

/** The provider removes replicas, but not the last one: for it, an empty list is a list that is not configured. */
function noReplica(secretName: string, region: string): Postcondition {
  const regions = '${join(" ", self.replica[*].region)}';
  return {
    condition: "${length(self.replica) == 0}",
    errorMessage:
      `The secret ${secretName} has a replica in a region that is not configured: ${regions}. Terraform cannot remove it. ` +
      `Run aws secretsmanager remove-regions-from-replication --region ${region} --secret-id ${secretName} --remove-replica-regions ${regions} and plan again.`,
  };
}

/** Permissions to read secrets with the user and the password of a database, and to decrypt them with their key. */
export function readSecretPermissions(secretArn: string | readonly string[], keyArn: string, region: string): Statement[] {
  return [
    { Sid: "ReadDatabaseCredentials", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    { Sid: "DecryptDatabaseCredentials", Action: "kms:Decrypt", Resource: keyArn, Condition: viaService("secretsmanager", region) },
  ];
}
