import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import { Construct } from "constructs";

/**
 * Secrets that exist in the account, by name. A plan reads their ARNs, and never their values. It fails when one does not exist in
 * the region.
 */
export class GivenSecrets extends Construct {
  private readonly secrets = new Map<string, DataAwsSecretsmanagerSecret>();

  /** The ARN of a secret, with the characters that AWS appends: ECS needs them to read a key of the secret's JSON. */
  arn(name: string): string {
    const existing = this.secrets.get(name);
    if (existing) return existing.arn;
    const id = name.replaceAll(/[^A-Za-z0-9-]/g, "-");
    const similar = [...this.secrets.keys()].filter((other) => other.replaceAll(/[^A-Za-z0-9-]/g, "-") === id).length;
    const secret = new DataAwsSecretsmanagerSecret(this, similar === 0 ? id : `${id}-${similar + 1}`, { name });
    this.secrets.set(name, secret);
    return secret.arn;
  }
}
