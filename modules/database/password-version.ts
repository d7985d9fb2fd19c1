import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import { DataAwsSecretsmanagerSecrets } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secrets";
import { DataResource, type Precondition } from "cdktf";
import { Construct } from "constructs";

/** Tag of the secret with the version of the password in it. */
const TAG = "PasswordVersion";

/** The tag of a secret with the password of a version. Filters compare the beginning of a value: the full stop ends the number. */
export function passwordVersionTag(version: number): Record<string, string> {
  return { [TAG]: `password_version=${version}.` };
}

export interface SwapGuardProps {
  /** Name of the secret with the password. */
  readonly secretName: string;
  /** Version of the password that the configuration requires. */
  readonly version: number;
  /** Identifier of the cluster to which Terraform sends a new password. */
  readonly primaryCluster: string;
  /** Region of that cluster. */
  readonly primaryRegion: string;
  /** HCL expression: whether that cluster is the writer, or does not exist yet. */
  readonly primaryWrites: string;
  /** What makes a new password. @default - `password_version` */
  readonly change?: string;
}

/**
 * Rejects a new password while the cluster of another region is the writer. RDS sets a password on the writer only, so an apply
 * would change the secret alone. A plan with the version that the secret has already passes.
 */
export class SwapGuard extends Construct {
  readonly precondition: Precondition;

  constructor(scope: Construct, id: string, { secretName, version, change, ...primary }: SwapGuardProps) {
    super(scope, id);
    const applied = new DataAwsSecretsmanagerSecrets(this, "secrets", {
      filter: [
        { name: "name", values: [secretName] },
        { name: "tag-value", values: Object.values(passwordVersionTag(version)) },
      ],
    });
    this.precondition = {
      // The filters compare beginnings, so the list may contain secrets of other environments.
      condition: `\${contains(${applied.fqn}.names, "${secretName}") || ${primary.primaryWrites}}`,
      errorMessage:
        `${change ?? `database.password_version = ${version}`} is a new password, and the cluster ${primary.primaryCluster} is not the writer of the global database. ` +
        "An apply would change the secret and not the password of the database, and new tasks could not connect. " +
        `Switch the roles back with the runbook region-takeover of ${primary.primaryRegion}, then apply. Until then, ${change === undefined ? "set database.password_version to its previous value" : "remove the change"}.`,
    };
  }
}

/**
 * Rejects a cluster whose new password is not in the secret yet, which would get the previous password under the new version.
 * The data source is read after a change of the version is applied, so a plan of all stacks before the first apply passes.
 */
export class SecretGuard extends Construct {
  readonly precondition: Precondition;
  readonly secretArn: string;

  constructor(scope: Construct, id: string, { secretName, version }: Pick<SwapGuardProps, "secretName" | "version">) {
    super(scope, id);
    const configured = new DataResource(this, "version", { input: { password_version: version } });
    const secret = new DataAwsSecretsmanagerSecret(this, "secret", { name: secretName, dependsOn: [configured] });
    this.secretArn = secret.arn;
    const [value = ""] = Object.values(passwordVersionTag(version));
    this.precondition = {
      condition: `\${lookup(${secret.fqn}.tags, "${TAG}", "") == "${value}"}`,
      errorMessage: `The secret ${secretName} does not contain the password of database.password_version = ${version}. Apply the stack global first, then plan this stack again.`,
    };
  }
}
