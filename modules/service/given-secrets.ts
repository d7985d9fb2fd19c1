import { DataAwsSecretsmanagerSecrets } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secrets";
import { DataResource, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { createHash } from "node:crypto";
import { hclLiteral } from "../state/hcl-literal";

/**
 * Secrets that exist in the account, by name. A plan reads their ARNs, and never their values, and fails when one does not exist in
 * the region. They are looked up as lists, which are empty for a secret that is deleted: a destroy works without it.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
 */
export class GivenSecrets extends Construct {
  private readonly arns = new Map<string, string>();
  private check: DataResource | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly region: string,
  ) {
    super(scope, id);
  }

  /** The resources that exist once every secret is found: services depend on them. */
  get found(): readonly DataResource[] {
    return this.check ? [this.check] : [];
  }

  /** The ARN of a secret, with the characters that AWS appends: ECS needs them to read a key of the secret's JSON. */
  arn(name: string): string {
    const existing = this.arns.get(name);
    if (existing !== undefined) return existing;
    // Names that differ in other characters than letters and digits would get the same id.
    const hash = createHash("sha256").update(name).digest("hex").slice(0, 6);
    const within = new Construct(this, `${name.replaceAll(/[^A-Za-z0-9-]/g, "-")}-${hash}`);
    // The filter matches the start of a name.
    const list = new DataAwsSecretsmanagerSecrets(within, "list", { filter: [{ name: "name", values: [name] }] });
    const pattern = hclLiteral(`:secret:${name.replaceAll(/[.+]/g, "[$&]")}-[A-Za-z0-9]{6}$`);
    const all = `data.aws_secretsmanager_secrets.${list.friendlyUniqueId}.arns`;
    const local = new TerraformLocal(within, "arn", `\${try([for arn in ${all} : arn if can(regex(${pattern}, arn))][0], "")}`);
    this.require(name, `local.${local.friendlyUniqueId}`);
    this.arns.set(name, local.asString);
    return local.asString;
  }

  private require(name: string, arn: string): void {
    this.check ??= new DataResource(this, "found", { lifecycle: { precondition: [] } });
    this.check.lifecycle?.precondition?.push({
      condition: `\${${arn} != ""}`,
      errorMessage: `${this.region} has no secret ${name}, which service.secrets or images.registry_secrets names. Create it or replicate it to the region, or correct the name in terraform.tfvars and run cdktf synth again.`,
    });
  }
}
